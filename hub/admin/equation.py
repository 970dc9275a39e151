"""The agreement equation as the home page draws it: one row per pair, each number a link to its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from hub.admin.filters import OPEN, CurrencyFilter
from hub.admin.months import Month
from hub.admin.words import count, figure, money

if TYPE_CHECKING:
    from hub.books.agreement import Pair, Side

COLUMNS = ("received", "posted", "held", "skipped", "failed", "pending", "booked")
SIGNS = {"posted": "=", "held": "+", "skipped": "+", "failed": "+", "pending": "+", "booked": "="}
"""What stands before each column, so that the head of the table is the equation itself."""
STATE_OF = {"received": "", "booked": "posted", "pending": OPEN}
"""Column → the state that its link filters by, where the two are not called the same."""
OUTER = ("received", "booked")
"""The two sides that `posted` and its neighbours are held against."""


@dataclass(frozen=True)
class Cell:
    """`figure` is the amount without its currency, which the row names; `total` has both."""

    column: str
    count: int
    figure: str
    total: str
    link: str


@dataclass(frozen=True)
class Complaint:
    """What is wrong, what to do, and where."""

    sentence: str
    remedy: str
    link: str


@dataclass(frozen=True)
class Row:
    pair: Pair
    cells: list[Cell]
    complaints: list[Complaint]


def rows(pairs: list[Pair], month: Month) -> list[Row]:
    return [
        Row(pair, [_cell(pair, column, month) for column in COLUMNS], list(_complaints(pair, month))) for pair in pairs
    ]


def in_short(pairs: list[Pair]) -> str:
    """`42 records received: 36 posted, 6 skipped`; counts of all currencies, since records can be added up."""
    sums = {column: sum(getattr(pair, column).count for pair in pairs) for column in COLUMNS}
    parts = [f"{number:,} {column}" for column, number in sums.items() if number and column not in OUTER]
    return f"{count(sums['received'], 'record')} received: {', '.join(parts)}" if parts else ""


def _cell(pair: Pair, column: str, month: Month) -> Cell:
    side: Side = getattr(pair, column)
    return Cell(
        column=column,
        count=side.count,
        figure=figure(side.total, pair.currency),
        total=money(side.total, pair.currency),
        link=_records(pair, month, STATE_OF.get(column, column)),
    )


def _complaints(pair: Pair, month: Month) -> Iterator[Complaint]:
    """Every reason why this pair does not agree, the most useful first."""
    name = f"{pair.flow} ({pair.currency or 'not read yet'})"
    for one in (*_unsettled(pair, month), *_unfinished(pair), *_unequal(pair, month)):
        yield replace(one, sentence=f"{name}: {one.sentence}")


def _unsettled(pair: Pair, month: Month) -> Iterator[Complaint]:
    if pair.failed.count:
        yield Complaint(
            f"{_said(pair.failed, pair)} failed.",
            "Open the dead letters; each says what is wrong and offers the form that mends it.",
            reverse("admin:hub_dead_letters"),
        )
    if pair.pending.count:
        yield Complaint(
            f"{_said(pair.pending, pair)} not settled yet.",
            "They are worked on by themselves; look again in a few minutes.",
            _records(pair, month, OPEN),
        )


def _unfinished(pair: Pair) -> Iterator[Complaint]:
    if pair.in_doubt:
        yield Complaint(
            f"{count(pair.in_doubt, 'document')} may or may not have reached the books.",
            "Countinghouse looks for them by itself; look again in a few minutes.",
            _journal(pair, "sent"),
        )
    if pair.unfinished:
        yield Complaint(
            f"{count(pair.unfinished, 'document')} in the books not finished.",
            "They are finished by themselves when their record is tried again.",
            _journal(pair, "created"),
        )


def _unequal(pair: Pair, month: Month) -> Iterator[Complaint]:
    if pair.posted != pair.booked:
        yield Complaint(
            f"we posted {_said(pair.posted, pair)}, but the books answered for {_said(pair.booked, pair)}.",
            "Compare the posted records with the books, and correct or credit what differs.",
            _records(pair, month, "posted"),
        )
    if pair.received != pair.accounted:
        yield Complaint(
            f"{_said(pair.received, pair)} received, but not all of it is accounted for.",
            "Press “Try again” on the records that are missing, or ask whoever looks after Countinghouse.",
            _records(pair, month, ""),
        )


def _said(side: Side, pair: Pair) -> str:
    return f"{count(side.count, 'record')} for {money(side.total, pair.currency)}"


def _records(pair: Pair, month: Month, state: str) -> str:
    query = {
        "flow": pair.flow,
        "state": state,
        "currency": pair.currency or CurrencyFilter.UNREAD,
        "date_from": month.first.isoformat(),
        "date_to": month.last.isoformat(),
    }
    return f"{reverse('admin:hub_syncrecord_changelist')}?{urlencode({k: v for k, v in query.items() if v})}"


def _journal(pair: Pair, state: str) -> str:
    return f"{reverse('admin:hub_posting_changelist')}?{urlencode({'flow': pair.flow, 'state__exact': state})}"
