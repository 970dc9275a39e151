"""The month that a page shows, with its neighbours."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Month:
    first: dt.date
    last: dt.date

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def previous(self) -> str:
        return f"{self.first - dt.timedelta(days=1):%Y-%m}"

    @property
    def next(self) -> str:
        return f"{self.last + dt.timedelta(days=1):%Y-%m}"


def month_of(key: str, today: dt.date) -> Month:
    """`2026-03` → March 2026; whatever is no month → the month of today."""
    try:
        day = dt.datetime.strptime(key, "%Y-%m").date()
        day.replace(year=day.year + 1)
    except ValueError:
        day = today
    last = calendar.monthrange(day.year, day.month)[1]
    return Month(day.replace(day=1), day.replace(day=last))
