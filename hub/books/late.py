"""Late arrivals: documents whose own day was closed when they came, so that they stand on a later one in the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from connectors.models import Connection
from hub.books.months import Month
from hub.engine.choices import LINKED
from hub.models import Flow, LateArrival, Posting

AT_ONCE = 2000
"""Rows in memory at a time."""


@dataclass(frozen=True)
class Late:
    """One document. `amount` is what the books hold, in `currency`; a credit note's is positive, as on its paper."""

    flow: str
    books: str
    resource: str
    number: str
    order: str
    currency: str
    amount: Decimal
    true_date: dt.date
    posted_date: dt.date

    @property
    def belongs_to(self) -> Month:
        """The month that it would be part of, had that not been closed."""
        return Month.of(self.true_date)


def late_postings(books: Connection | None = None) -> QuerySet[LateArrival]:
    """Those that the books hold. What a person linked was dated by a person, too."""
    held = LateArrival.objects.filter(state__in=[Posting.State.CREATED, Posting.State.DONE]).exclude(note=LINKED)
    return held.filter(target=books) if books else held


def late_arrivals(
    start: dt.date, end: dt.date, *, books: Connection | None = None, flow: Flow | None = None
) -> Iterator[Late]:
    """Posted on these days, in the order of their posting dates; streamed, whatever the number."""
    rows = late_postings(books).filter(date__range=(start, end)).order_by("date", "id")
    mine = rows.filter(record__flow=flow) if flow else rows
    named = mine.values_list(
        "record__flow__name",
        "target__name",
        "resource",
        "natural_key",
        "record__number",
        "currency",
        "booked",
        "business_date",
        "date",
    )
    found: Iterator[Any] = named.iterator(chunk_size=AT_ONCE)
    for row in found:
        yield Late(*row)
