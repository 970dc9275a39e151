"""What a reconciliation has found, as a table for a terminal: by kind and currency, with counts and sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from hub.books.agreement import PLACES
from hub.books.reconciliation.kinds import KINDS
from hub.models import Discrepancy, Reconciliation

State = Discrepancy.State
OUTCOMES = {
    "agrees": "agree on all sides",
    "differs": "differ",
    "held": "held: wait for a person",
    "skipped": "skipped: not to be booked",
    "unsettled": "still being worked on, not compared",
    "matched": "payments without a reference were matched",
    "closed": "discrepancies of earlier runs were closed",
}
"""A reconciliation's counts, in words."""


@dataclass(frozen=True)
class Line:
    kind: str
    state: str
    currency: str
    count: int
    amount: Decimal


def found(run: Reconciliation) -> QuerySet[Discrepancy]:
    """Everything that it has found, or has left as it was."""
    return Discrepancy.objects.filter(last_run=run).exclude(state=State.CLOSED)


def open_of(run: Reconciliation) -> QuerySet[Discrepancy]:
    """What a person has to see to."""
    return found(run).filter(state__in=Discrepancy.UNSETTLED)


def lines(run: Reconciliation) -> list[Line]:
    rows = found(run).order_by().values("kind", "state", "currency").annotate(n=Count("pk"), worth=Sum("amount"))
    made = [Line(row["kind"], row["state"], row["currency"], row["n"], row["worth"].quantize(PLACES)) for row in rows]
    order = list(KINDS)
    return sorted(made, key=lambda line: (order.index(line.kind), line.currency, line.state))


def summary(run: Reconciliation) -> str:
    return "\n".join(_summary(run))


def _summary(run: Reconciliation) -> Iterator[str]:
    yield f"Reconciliation of {run.flow}, {run.start} to {run.end}"
    if run.remark:
        yield f"Note: {run.remark}."
    for name, words in OUTCOMES.items():
        if run.counts.get(name):
            yield f"{run.counts[name]:>8,}  {words}"
    rows = lines(run)
    if not rows:
        yield "No discrepancies."
        return
    yield f"{'kind':<18}{'state':<10}{'count':>8}{'amount':>16}"
    for line in rows:
        yield f"{line.kind:<18}{line.state:<10}{line.count:>8,}{line.amount:>16,.2f} {line.currency}".rstrip()
