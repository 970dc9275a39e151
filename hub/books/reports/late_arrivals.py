"""Late arrivals: documents that stand on a later day than their own, because that was closed when they came."""

from __future__ import annotations

from collections.abc import Iterator

from hub.books.late import Late, late_arrivals
from hub.books.reports.columns import Row, date, money, text
from hub.books.reports.documents import WORDS
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope


def read(scope: Scope) -> Iterator[Row]:
    return (_row(late) for late in late_arrivals(scope.start, scope.end, books=scope.books, flow=scope.flow))


def _row(late: Late) -> Row:
    return (
        late.posted_date,
        late.true_date,
        late.belongs_to.key,
        late.books,
        late.flow,
        WORDS.get(late.resource, late.resource),
        late.number,
        late.order,
        late.currency,
        late.amount,
    )


REPORT = Report(
    slug="late-arrivals",
    title="Late arrivals",
    sentence="Documents that stand on these days and belong to earlier ones, which were closed when they came.",
    columns=(
        date("date", "The document's date in the books: the first open day."),
        date("true_date", "The day that it belongs to, in the store's time zone."),
        text("belongs_to", "The month of that day, such as 2026-03."),
        text("books", "The connection of the books."),
        text("flow", "The flow that made it."),
        text("document", "invoice, payment or credit note."),
        text("number", "The number we gave it; of a payment, the hub's own key."),
        text("order", "The order's number in its store."),
        text("currency", "Of the amount; ISO 4217."),
        money("amount", "What the books hold, with tax; a credit note's is positive, as on its paper."),
    ),
    read=read,
)
