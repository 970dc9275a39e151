"""Business dates against closed periods: nothing new is ever dated on or before the lock date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hub.errors import Closed

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The books' lock date, or None while every day is open."""

    lock_date: dt.date | None = None

    def is_open(self, date: dt.date) -> bool:
        return self.lock_date is None or date > self.lock_date

    def open(self, date: dt.date) -> tuple[dt.date, str]:
        """The date a new document takes, and what it must then say about it."""
        if self.lock_date is None or date > self.lock_date:
            return date, ""
        return (
            self.lock_date + DAY,
            f"Late arrival: dated {date} in the store; the books are closed to {self.lock_date}.",
        )

    def require_open(self, date: dt.date, what: str) -> None:
        """A document that exists may not be changed in a closed period."""
        if not self.is_open(date):
            raise Closed(
                "closed_period",
                f"{what} is dated {date}, and the books are closed up to {self.lock_date}",
                field="date",
                value=str(date),
                remedy="Reopen the period with a reason, or book the difference by hand.",
            )
