"""The month that a page shows, by what its address says."""

from __future__ import annotations

import datetime as dt

from hub.books.months import Month

__all__ = ["Month", "month_of"]


def month_of(key: str, today: dt.date) -> Month:
    """`2026-03` → March 2026; whatever is no month → the month of today."""
    try:
        day = dt.datetime.strptime(key, "%Y-%m").date()
        day.replace(year=day.year + 1)
    except ValueError:
        day = today
    return Month.of(day)
