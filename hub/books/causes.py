"""Dead letters by cause: what went wrong, how often, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Max, Sum

from hub.models import SyncRecord


@dataclass
class CauseGroup:
    """Records that failed for the same reason. `values` is currency → amount at stake."""

    cause: str
    count: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)
    flows: list[str] = field(default_factory=list)
    message: str = ""
    remedy: str = ""
    sample: int = 0


def groups() -> list[CauseGroup]:
    """The largest first; one record stands for each group."""
    found: dict[str, CauseGroup] = {}
    for cause, flow, currency, count, worth, newest in _rows():
        group = found.setdefault(cause, CauseGroup(cause))
        group.count += count
        group.values[currency] = group.values.get(currency, Decimal(0)) + worth
        group.sample = max(group.sample, newest)
        if flow not in group.flows:
            group.flows.append(flow)
    _explain(found.values())
    return sorted(found.values(), key=lambda group: -group.count)


def _rows() -> Iterable[tuple[str, str, str, int, Decimal, int]]:
    failed = SyncRecord.objects.filter(state=SyncRecord.State.FAILED).order_by()
    grouped = failed.values("cause", "flow__name", "currency")
    return grouped.annotate(n=Count("pk"), worth=Sum("total"), newest=Max("pk")).values_list(
        "cause", "flow__name", "currency", "n", "worth", "newest"
    )


def _explain(found: Iterable[CauseGroup]) -> None:
    samples = SyncRecord.objects.in_bulk([group.sample for group in found])
    for group in found:
        record = samples[group.sample]
        group.message = record.message
        group.remedy = record.problem.get("remedy", "")
