"""Reconciliation by record: the three sides of every order, as the last reconciliation of these days left them."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from hub.books.reports.columns import Row, count, date, moment, money, text
from hub.books.reports.discrepancies import total
from hub.books.reports.paging import pages
from hub.books.reports.records import in_books
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.books.reports.three_sides import last_run, outcome, result, standing, totals
from hub.models import Discrepancy, Flow, Reconciliation, SyncRecord

FIELDS = ("pk", "date", "number", "source_id", "who", "state", "currency", "total", "settled_at")


def read(scope: Scope) -> Iterator[Row]:
    for flow in scope.flows():
        run = last_run(flow, scope)
        yield from merge(_orders(flow, scope, run), _others(flow, scope, run), key=lambda row: str(row[0]))


def _orders(flow: Flow, scope: Scope, run: Reconciliation | None) -> Iterator[Row]:
    """What the hub knows."""
    records = SyncRecord.objects.filter(flow=flow, date__range=scope.days)
    for page in pages(records.values(*FIELDS)):
        posted = in_books(flow, [one["pk"] for one in page])
        found = standing(flow, scope, page)
        for one in page:
            mine = found.get(one["pk"], [])
            if mine and not one["currency"]:
                yield _as_found(flow, mine[0], run, one["state"])
            else:
                yield _order(flow, one, posted.get(one["pk"]), run, mine)


def _order(flow: Flow, one: dict[str, Any], posted: Any, run: Reconciliation | None, found: list[Discrepancy]) -> Row:
    came = result(one, run, found)
    sides = totals(one, posted, came, (each for each in found if each.resource == flow.target_resource))
    return (
        one["date"],
        *_ends(flow),
        one["number"],
        one["source_id"],
        one["who"],
        one["state"],
        came,
        one["currency"],
        sides.source,
        sides.hub,
        sides.books,
        len(found),
        " ".join(dict.fromkeys(each.kind for each in found)),
        "; ".join(each.sentence for each in found),
        _when(run),
    )


def _others(flow: Flow, scope: Scope, run: Reconciliation | None) -> Iterator[Row]:
    """What the hub has no record of."""
    known = SyncRecord.objects.filter(flow=flow, source_id=OuterRef("source_id"), date__range=scope.days)
    loose = Discrepancy.objects.filter(flow=flow, date__range=scope.days, record=None).exclude(Exists(known))
    rows = loose.exclude(state=Discrepancy.State.CLOSED).order_by("date", "pk")
    return (_as_found(flow, one, run) for one in rows.iterator(chunk_size=500))


def _as_found(flow: Flow, one: Discrepancy, run: Reconciliation | None, state: str = "") -> Row:
    """What the hub has not read itself, as the reconciliation saw it."""
    return (
        one.date,
        *_ends(flow),
        one.number,
        one.source_id,
        one.who,
        state,
        outcome([one]),
        one.currency,
        *(total(one.sides.get(name, {}), one.currency) for name in ("source", "hub", "books")),
        1,
        one.kind,
        one.sentence,
        _when(run),
    )


def _ends(flow: Flow) -> tuple[str, str, str]:
    return flow.name, flow.source.name, flow.target.name


def _when(run: Reconciliation | None) -> Any:
    return timezone.localtime(run.ended_at) if run and run.ended_at else None


REPORT = Report(
    slug="reconciliation",
    title="Reconciliation by record",
    sentence="What store, hub and books say of every order, by the last reconciliation that covers all these days. What it "
    "read is not kept: where it found no difference, the books' side is what the hub has posted.",
    columns=(
        date("date", "Business date of the order; of a document that no order accounts for, its date in the books."),
        text("flow", "The flow that was reconciled."),
        text("source", "The connection of the store."),
        text("books", "The connection of the books."),
        text("number", "The order's number in its store."),
        text("source_id", "The order's id in its store.", "Id in the store"),
        text("customer", "Name and e-mail address."),
        text(
            "state", "The hub's record: posted, held, skipped, failed, pending, working or waiting; empty: it has none."
        ),
        text(
            "result",
            "agrees, differs, accepted (it differs, for a reason), held, skipped, or not_compared: not reconciled, or it "
            "has moved since.",
        ),
        text("currency", "Of the amounts in this row; ISO 4217. Empty until it was read."),
        money("source_total", "What the store says that it is worth, with tax."),
        money("hub_total", "What the hub has posted for it, with the documents of its edits and without refunds."),
        money("books_total", "What the books hold of it; empty where nobody has compared it."),
        count("discrepancies", "How many are open or accepted."),
        text("kinds", "What they are, separated by spaces; the report of discrepancies has each of them."),
        text("sentence", "The same in words."),
        moment("reconciled_at", "When that reconciliation ended; empty where there was none.", "Reconciled"),
    ),
    read=read,
)
