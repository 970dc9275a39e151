"""Days in a row; a calendar month, with its neighbours."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Days:
    """From the first to the last, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Month(Days):
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

    @classmethod
    def of(cls, day: dt.date) -> Month:
        last = calendar.monthrange(day.year, day.month)[1]
        return cls(day.replace(day=1), day.replace(day=last))
