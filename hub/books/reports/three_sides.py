"""What store, hub and books say of one order, out of the hub's own rows and the discrepancies that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from hub.books.reports.discrepancies import total
from hub.books.reports.scope import Scope
from hub.models import Discrepancy, Flow, Reconciliation, SyncRecord

ZERO = Decimal(0)
AT_REST = (SyncRecord.State.HELD, SyncRecord.State.SKIPPED)
"""States that are results themselves: such an order is accounted for, and has no documents to be compared."""


@dataclass(frozen=True)
class Totals:
    """None: that side says nothing, or nobody has looked."""

    source: Decimal | None
    hub: Decimal | None
    books: Decimal | None


def last_run(flow: Flow, scope: Scope) -> Reconciliation | None:
    """The last that has come to its end and covers all these days."""
    done = flow.reconciliations.filter(state=Reconciliation.State.DONE)
    return done.filter(start__lte=scope.start, end__gte=scope.end).order_by("-pk").first()


def standing(flow: Flow, scope: Scope, records: Sequence[dict[str, Any]]) -> dict[int, list[Discrepancy]]:
    """By record, what is not closed. One that was found before its order came in is that order's, too."""
    ids = {one["source_id"]: one["pk"] for one in records}
    mine = Q(record__in=ids.values()) | Q(record=None, date__range=scope.days, source_id__in=ids)
    found: dict[int, list[Discrepancy]] = defaultdict(list)
    for one in Discrepancy.objects.filter(mine, flow=flow).exclude(state=Discrepancy.State.CLOSED).order_by("pk"):
        found[one.record_id or ids[one.source_id]].append(one)
    return found


def result(one: dict[str, Any], run: Reconciliation | None, found: Sequence[Discrepancy]) -> str:
    """What differs is known whenever it was found; that something agrees is only known of what has not moved since."""
    if found:
        return outcome(found)
    if run is None or one["settled_at"] is None or one["settled_at"] > run.created_at:
        return "not_compared"
    return str(one["state"]) if one["state"] in AT_REST else "agrees"


def outcome(found: Iterable[Discrepancy]) -> str:
    return "differs" if any(one.state in Discrepancy.UNSETTLED for one in found) else "accepted"


def totals(one: dict[str, Any], posted: Decimal | None, result: str, differing: Iterable[Discrepancy]) -> Totals:
    """`differing` are those about its invoices. Where nothing differs, the books hold what the hub has posted."""
    found = list(differing)
    if not one["currency"]:
        return Totals(None, posted, None)
    if any("currency" in each.fields for each in found):
        return Totals(one["total"], None, None)
    source, books = one["total"], None if result == "not_compared" else posted
    for sides in _documents(found):
        hub, asked = total(sides.get("hub", {}), one["currency"]), _asked(sides)
        told = total(sides.get("source", {}), one["currency"])
        source += told - asked if told is not None and asked is not None else ZERO
        books = (books or ZERO) + _stands_at(sides.get("books", {}), one["currency"]) - (hub or ZERO)
    return Totals(source, posted, books)


def _documents(found: Iterable[Discrepancy]) -> Iterable[dict[str, Any]]:
    """The sides of each document that something is wrong with, once however many discrepancies it has. A second one for
    the same order is none that the hub has posted."""
    documents: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in found:
        documents[one.natural_key] |= {"books": one.sides["books"]} if one.kind == "duplicate" else one.sides
    return documents.values()


def _asked(sides: dict[str, Any]) -> Decimal | None:
    told = sides.get("hub", {}).get("total")
    return None if told is None else Decimal(told)


def _stands_at(side: dict[str, Any], currency: str) -> Decimal:
    """What is deleted is worth nothing."""
    return ZERO if side.get("state") == "deleted" else total(side, currency) or ZERO
