"""What reconciliations say of one month, flow by flow, for its page; and the button that starts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.text import capfirst

from connectors.models import Connection
from hub.admin.words import amounts, count, moment
from hub.books.agreement import money_flows
from hub.books.months import Month
from hub.books.reconciliation import asking
from hub.models import Discrepancy, Flow, Reconciliation

State = Reconciliation.State


@dataclass(frozen=True)
class Reconciled:
    """One flow. `run` is the last that covers the whole month, None where there is none; `open` says what is left for a
    person, and `link` lists it; "" where nothing is."""

    flow: Flow
    run: Reconciliation | None
    colour: str
    sentence: str
    open: str
    link: str


def reconciled(books: Connection, month: Month) -> list[Reconciled]:
    return [_of(flow, month) for flow in flows_to_reconcile(books)]


def start(books: Connection, month: Month, by: Any) -> list[Reconciliation]:
    """One for each flow; those that are under way go on."""
    return [asking.ask(flow, month.first, month.last, by=by)[0] for flow in flows_to_reconcile(books)]


def flows_to_reconcile(books: Connection) -> list[Flow]:
    return [flow for flow in money_flows(books) if asking.is_possible(flow)]


def _of(flow: Flow, month: Month) -> Reconciled:
    run = flow.reconciliations.filter(start__lte=month.first, end__gte=month.last).first()
    found = Discrepancy.objects.filter(
        flow=flow, date__range=(month.first, month.last), state__in=Discrepancy.UNSETTLED
    )
    open = _told(found)
    colour, sentence = _verdict(run, open)
    query = {"flow": flow.name, "state": "unsettled", "date_from": month.first, "date_to": month.last}
    link = f"{reverse('admin:hub_discrepancy_changelist')}?{urlencode(query)}" if open else ""
    return Reconciled(flow, run, colour, sentence, open, link)


def _told(found: QuerySet[Discrepancy]) -> str:
    """`2 discrepancies worth 12.00 EUR`."""
    sums = list(found.order_by().values("currency").annotate(n=Count("pk"), worth=Sum("amount")))
    number = sum(row["n"] for row in sums)
    if not number:
        return ""
    worth = amounts({row["currency"]: row["worth"] for row in sums})
    return f"{count(number, 'discrepancy', 'discrepancies')} worth {worth}"


def _verdict(run: Reconciliation | None, open: str) -> tuple[str, str]:
    if run is None:
        return ("bad" if open else "quiet"), "not reconciled yet"
    if run.state == State.RUNNING:
        return "quiet", f"under way: {run.get_stage_display()}"
    if run.state == State.STOPPED:
        why = f": {capfirst(run.problem)}" if run.problem else ""
        return "warn", f"stopped {moment(run.ended_at)}{why}"
    unsettled = run.counts.get("unsettled", 0)
    if open:
        colour, verdict = "bad", "they do not agree"
    elif unsettled:
        colour, verdict = "warn", f"{count(unsettled, 'order')} could not be compared yet"
    else:
        colour, verdict = "good", "store, hub and books agree"
    return colour, f"{verdict} · compared {moment(run.ended_at)}"


def left_open(found: list[Reconciled]) -> Iterator[str]:
    """For whoever is about to close the month."""
    return (f"{one.flow}: {one.open}" for one in found if one.open)
