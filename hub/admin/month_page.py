"""What the page of one month says: do the books agree over it, day by day, and may it be closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from connectors.models import Connection
from hub.admin.equation import Row, rows, shown
from hub.admin.month_reconciled import left_open, reconciled
from hub.admin.words import amounts, count, day
from hub.books.agreement import Agreement, agreement, daily, money_flows
from hub.books.closing import hindrances
from hub.books.earlier import earliest_open_month
from hub.books.late import late_postings
from hub.books.lock_dates import closed_months
from hub.books.months import Days, Month
from hub.models import ClosedMonth, LateArrival, LockDateMove

MOVES = 10
"""Of the lock date, the newest first."""


@dataclass(frozen=True)
class DayRows:
    """One day; nothing where it had no trade."""

    title: str
    rows: list[Row]

    @property
    def agrees(self) -> bool:
        return all(row.pair.agrees for row in self.rows)


@dataclass(frozen=True)
class LateNote:
    sentence: str
    link: str


def books_with_trade() -> list[Connection]:
    """Those that some flow of money goes into, each once."""
    return list({flow.target_id: flow.target for flow in money_flows()}.values())


def first_to_close(books: Connection, today: Month) -> Month:
    """What somebody who opens the page most likely came for."""
    return earliest_open_month(books, today) or today


def month_page(books: Connection, month: Month) -> dict[str, Any]:
    found = agreement(month.first, month.last, books=books)
    compared = reconciled(books, month)
    closed = closed_months(books).filter(month=month.first).first()
    return {
        "books": books,
        "month": month,
        "closed": closed,
        "hindrances": [] if closed else list(hindrances(books, month, found, timezone.now())),
        "is_latest": closed == closed_months(books).first(),
        "held": _held(found),
        "reconciled": compared,
        "left_open": list(left_open(compared)),
        "late": list(_late_notes(books, month)),
        "days": list(day_rows(books, month)),
        "history": ClosedMonth.objects.filter(books=books, month=month.first, reopened_at__isnull=False),
        "moves": LockDateMove.objects.filter(books=books)[:MOVES],
        **shown(found, month),
    }


def day_rows(books: Connection, month: Month) -> Iterator[DayRows]:
    for date, found in groupby(daily(month.first, month.last, books=books), key=lambda one: one.day):
        yield DayRows(f"{date:%a} {day(date)}", rows([one.pair for one in found], Days(date, date)))


def _held(found: Agreement) -> str:
    """What a person has not decided about: `3 records worth 12.00 EUR and 830.44 USD`."""
    number = sum(pair.held.count for pair in found.pairs)
    worth: dict[str, Decimal] = {}
    for pair in found.pairs:
        worth[pair.currency] = worth.get(pair.currency, Decimal(0)) + pair.held.total
    held = {currency: total for currency, total in worth.items() if total}
    return f"{count(number, 'record')} worth {amounts(held)}" if number else ""


def _late_notes(books: Connection, month: Month) -> Iterator[LateNote]:
    """Of this month, and booked later; and of earlier ones, booked in it."""
    late = late_postings(books)
    yield from _late_note(
        late.filter(business_date__range=(month.first, month.last)),
        f"of {month.title} came late",
        "business_date",
        month,
    )
    yield from _late_note(
        late.filter(date__range=(month.first, month.last), business_date__lt=month.first),
        f"of earlier months came late and {{stands}} in {month.title}",
        "date",
        month,
    )


def _late_note(late: QuerySet[LateArrival], words: str, field: str, month: Month) -> Iterator[LateNote]:
    sums = list(late.order_by().values("currency").annotate(n=Count("pk"), worth=Sum("booked")))
    number = sum(row["n"] for row in sums)
    if number:
        worth = amounts({row["currency"]: row["worth"] for row in sums})
        said = words.format(stands="stands" if number == 1 else "stand")
        query = {f"{field}_from": month.first.isoformat(), f"{field}_to": month.last.isoformat()}
        link = f"{reverse('admin:hub_latearrival_changelist')}?{urlencode(query)}"
        yield LateNote(f"{count(number, 'document')} worth {worth} {said}.", link)
