"""Every discrepancy that reconciliations have found, with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from hub.books.reports.columns import Row, date, moment, money, text
from hub.books.reports.documents import WORDS
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import Discrepancy, Flow

FIELDS = (
    "pk", "date", "kind", "state", "resource", "natural_key", "number", "source_id", "who", "currency", "amount",
    "sides", "fields", "sentence", "reason", "decided_by", "decided_at", "found_at", "closed_at",
)  # fmt: skip


def read(scope: Scope) -> Iterator[Row]:
    for flow in scope.flows():
        yield from rows_of(flow, Discrepancy.objects.filter(flow=flow, date__range=scope.days))


def rows_of(flow: Flow, found: QuerySet[Discrepancy]) -> Iterator[Row]:
    """Of this flow's."""
    for page in pages(found.values(*FIELDS)):
        for one in page:
            yield _row(flow, one)


def total(side: Mapping[str, Any], currency: str) -> Decimal | None:
    """What one side of a discrepancy says; None where it says nothing, or says it in another currency."""
    told = side.get("booked", side.get("total"))
    return Decimal(told) if told is not None and side.get("currency", currency) == currency else None


def _row(flow: Flow, one: dict[str, Any]) -> Row:
    sides = (total(one["sides"].get(name, {}), one["currency"]) for name in ("source", "hub", "books"))
    decided, found, closed = (
        one[name] and timezone.localtime(one[name]) for name in ("decided_at", "found_at", "closed_at")
    )
    return (
        one["date"],
        flow.name,
        flow.source.name,
        flow.target.name,
        one["kind"],
        one["state"],
        WORDS.get(one["resource"], one["resource"]),
        one["natural_key"],
        one["number"],
        one["source_id"],
        one["who"],
        one["currency"],
        one["amount"],
        *sides,
        " ".join(one["fields"]),
        one["sentence"],
        one["reason"],
        one["decided_by"],
        decided,
        found,
        closed,
    )


REPORT = Report(
    slug="discrepancies",
    title="Discrepancies",
    sentence="Everything that store, hub and books were found to differ in, with what became of it.",
    columns=(
        date("date", "Business date of the order; of a document that no order accounts for, its date in the books."),
        text("flow", "The flow that was reconciled."),
        text("source", "The connection of the store."),
        text("books", "The connection of the books."),
        text("kind", "What is wrong, as a short name that never changes, such as missing_in_books."),
        text("state", "open, mended (to be checked), accepted, or closed: the sides agree."),
        text("document", "invoice, payment or credit note."),
        text("key", "Which one; of a document that is not ours, its number and its id in the books."),
        text("order", "The order's number in its store."),
        text("source_id", "The order's id in its store.", "Id in the store"),
        text("customer", "Name and e-mail address."),
        text("currency", "Of the amounts in this row; ISO 4217."),
        money("amount", "What the discrepancy is worth."),
        money("source_total", "What the store says; empty where it says nothing, or says it in another currency."),
        money("hub_total", "What the hub has posted; empty in the same cases."),
        money("books_total", "What the books hold; empty in the same cases."),
        text("fields", "What differs, separated by spaces."),
        text("sentence", "The same in words."),
        text("reason", "Why it was accepted, or how it was mended."),
        text("decided_by", "Who said so."),
        moment("decided_at", "When."),
        moment("found_at", "When it was found first.", "Found"),
        moment("closed_at", "When the sides were seen to agree; empty until then.", "Closed"),
    ),
    read=read,
)
