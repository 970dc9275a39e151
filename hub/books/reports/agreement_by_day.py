"""The agreement equation of every day, pair and currency."""

from __future__ import annotations

from collections.abc import Iterator

from hub.books.agreement import SIDES
from hub.books.by_day import by_day
from hub.books.reports.columns import Column, Row, count, date, money, text
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope

MEANING = {
    "received": "heard of, through any door",
    "posted": "in the books, by what the store says of them",
    "held": "waiting for a person's decision",
    "skipped": "not to be booked, by rule or by a person's choice",
    "failed": "tried and refused",
    "pending": "not settled yet",
    "booked": "of the documents in the books, by what the books answered",
}


def read(scope: Scope) -> Iterator[Row]:
    for day, pair in by_day(scope.start, scope.end, scope.flows()):
        sides = [getattr(pair, name) for name in MEANING]
        figures = [figure for side in sides for figure in (side.count, side.total)]
        agrees = "yes" if pair.agrees else "no"
        yield (
            day, pair.flow, pair.source, pair.target, pair.currency, agrees, *figures, pair.unfinished, pair.in_doubt,
        )  # fmt: skip


def _columns(side: str, meaning: str) -> tuple[Column, Column]:
    return (
        count(f"{side}_count", f"Records {meaning}.", f"{side.capitalize()}: number"),
        money(f"{side}_total", f"Worth of the records {meaning}.", side.capitalize()),
    )


REPORT = Report(
    slug="agreement-by-day",
    title="Agreement by day",
    sentence=f"Of each day, pair and currency: received = {' + '.join(SIDES)}, and posted = booked.",
    columns=(
        date("date", "Business date of the records."),
        text("flow", "The flow, which is one pair of store and books."),
        text("source", "The connection of the store."),
        text("books", "The connection of the books."),
        text("currency", "Of the amounts in this row; ISO 4217. Empty: records that nobody has read yet."),
        text("agrees", "yes: both equations hold, nothing has failed, and nothing is open."),
        *(column for side, meaning in MEANING.items() for column in _columns(side, meaning)),
        count("unfinished", "Documents in the books that are not finished."),
        count("in_doubt", "Documents that may or may not have reached the books."),
    ),
    read=read,
)
