"""The agreement equation as pages draw it: one row per pair, each number a link to just what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from hub.admin.filters import OPEN, WITHOUT, CurrencyFilter
from hub.admin.words import count, figure, money
from hub.books.months import Days

if TYPE_CHECKING:
    from hub.books.agreement import Agreement, Pair, Side

COLUMNS = ("received", "posted", "held", "skipped", "failed", "pending", "booked")
SIGNS = {"posted": "=", "held": "+", "skipped": "+", "failed": "+", "pending": "+", "booked": "="}
"""What stands before each column, so that the head of the table is the equation itself."""
STATE_OF = {"received": "", "pending": OPEN}
"""Column → what its link filters by, where the two are not called the same."""
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


def shown(found: Agreement, days: Days) -> dict[str, Any]:
    """What `_equation.html` draws, row by row, with a plain sentence for whatever is wrong."""
    drawn = rows(found.pairs, days)
    return {
        "agree": found.agree,
        "rows": drawn,
        "in_short": in_short(found.pairs),
        "columns": [(SIGNS.get(column, ""), column) for column in COLUMNS],
        "complaints": [complaint for row in drawn for complaint in row.complaints],
    }


def rows(pairs: list[Pair], month: Days) -> list[Row]:
    return [
        Row(pair, [_cell(pair, column, month) for column in COLUMNS], list(_complaints(pair, month))) for pair in pairs
    ]


def in_short(pairs: list[Pair]) -> str:
    """`42 records received: 36 posted, 6 skipped`; counts of all currencies, since records can be added up."""
    sums = {column: sum(getattr(pair, column).count for pair in pairs) for column in COLUMNS}
    parts = [f"{number:,} {column}" for column, number in sums.items() if number and column not in OUTER]
    return f"{count(sums['received'], 'record')} received: {', '.join(parts)}" if parts else ""


def _cell(pair: Pair, column: str, month: Days) -> Cell:
    side: Side = getattr(pair, column)
    listed = _journal if column == "booked" else _nobody_s if _without_records(pair, side) else _records
    return Cell(
        column=column,
        count=side.count,
        figure=figure(side.total, pair.currency),
        total=money(side.total, pair.currency),
        link=listed(pair, month, STATE_OF.get(column, column)),
    )


def _complaints(pair: Pair, month: Days) -> Iterator[Complaint]:
    """Every reason why this pair does not agree, the most useful first."""
    name = f"{pair.flow} ({pair.currency or 'not read yet'})"
    for one in (*_unsettled(pair, month), *_unfinished(pair, month), *_unequal(pair, month)):
        yield replace(one, sentence=f"{name}: {one.sentence}")


def _unsettled(pair: Pair, month: Days) -> Iterator[Complaint]:
    if pair.failed.count:
        yield Complaint(
            f"{_said(pair.failed, pair)} failed.",
            "Open the dead letters; each says what is wrong and offers the form that mends it.",
            reverse("admin:hub_dead_letters"),
        )
    if pair.pending.count > pair.without_record + pair.not_read:
        yield Complaint(
            f"{_said(pair.pending, pair)} not settled yet.",
            "They are worked on by themselves; look again in a few minutes.",
            _records(pair, month, OPEN),
        )
    if pair.without_record or pair.not_read:
        yield Complaint(
            f"{count(pair.without_record + pair.not_read, 'notice')} of the store not read yet.",
            "They are read by themselves; look again in a few minutes.",
            _nobody_s(pair, month, ""),
        )


def _unfinished(pair: Pair, month: Days) -> Iterator[Complaint]:
    if pair.in_doubt:
        yield Complaint(
            f"{count(pair.in_doubt, 'document')} may or may not have reached the books.",
            "Countinghouse looks for them by itself; look again in a few minutes.",
            _journal(pair, month, "in_doubt"),
        )
    if pair.unfinished:
        yield Complaint(
            f"{count(pair.unfinished, 'document')} in the books not finished.",
            "They are finished by themselves when their record is tried again.",
            _journal(pair, month, "unfinished"),
        )


def _unequal(pair: Pair, month: Days) -> Iterator[Complaint]:
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


def _without_records(pair: Pair, side: Side) -> bool:
    """Whether the number counts nothing but what no record stands for."""
    return 0 < side.count <= pair.without_record + pair.not_read


def _records(pair: Pair, days: Days, state: str) -> str:
    currency = pair.currency or CurrencyFilter.UNREAD
    return _list("syncrecord", flow=pair.flow, state=state, currency=currency, **_within("date", days))


def _journal(pair: Pair, days: Days, counted: str) -> str:
    """By the day of the record, which is what the equation counts by."""
    dates = _within("record__date", days)
    return _list("posting", flow=pair.flow, counted=counted, currency=pair.currency, **dates)


def _nobody_s(pair: Pair, days: Days, _: str) -> str:
    """Notices without a record; where there are none, webhooks that are not read yet. They have no business date, and
    stand under the day on which they came."""
    dates = {"received_at_from_0": days.first.isoformat(), "received_at_to_0": days.last.isoformat()}
    dates |= {"received_at_from_1": "00:00:00", "received_at_to_1": "23:59:59"}
    if pair.without_record:
        return _list("event", connection=pair.source, record=WITHOUT, **dates)
    return _list("webhookrequest", connection=pair.source, state__exact="stored", **dates)


def _within(field: str, days: Days) -> dict[str, str]:
    return {f"{field}_from": days.first.isoformat(), f"{field}_to": days.last.isoformat()}


def _list(model: str, **query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{reverse(f'admin:hub_{model}_changelist')}?{urlencode(given)}"
