"""The lock date of the books: moved in one place, with its history, and never past a month that a person closed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from connectors.models import Connection
from hub.books.months import Month
from hub.models import ClosedMonth, LockDateMove

NO_REASON = "The books are closed up to {lock_date}. Say why days are to be open again."


class Refused(ValueError):
    """The lock date stays, or the month as it is. Each of `reasons` is a sentence that says why, and what to do."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def lowers(origin: dt.date | None, to: dt.date | None) -> bool:
    """Whether days that are closed would be open again."""
    return origin is not None and (to is None or to < origin)


def closed_months(books: Connection) -> QuerySet[ClosedMonth]:
    """Those that are closed now, the latest first."""
    return ClosedMonth.objects.filter(books=books, reopened_at=None)


def require_possible(books: Connection, to: dt.date | None) -> None:
    """Raises Refused where a month that a person closed would be open again: that is done on the month's own page."""
    for closed in closed_months(books)[:1]:
        month = Month.of(closed.month)
        if to is None or to < month.last:
            raise Refused(
                f"{month.title} was closed by {closed.closed_by}, so the lock date cannot be before {month.last}. "
                "Reopen the month on its page first, with a reason."
            )


def move(books: Connection, to: dt.date | None, by: str, reason: str) -> None:
    """By hand or from a file. Raises Refused, and then nothing is written."""
    with transaction.atomic():
        row = Connection.objects.select_for_update().only("lock_date").get(pk=books.pk)
        if row.lock_date == to:
            return
        require_possible(books, to)
        if lowers(row.lock_date, to) and not reason.strip():
            raise Refused(NO_REASON.format(lock_date=row.lock_date))
        write(books, row.lock_date, to, by, reason.strip())


def write(books: Connection, origin: dt.date | None, to: dt.date | None, by: str, reason: str) -> None:
    """Whoever calls holds the connection's row."""
    Connection.objects.filter(pk=books.pk).update(lock_date=to)
    books.lock_date = to
    remember(books, origin, by, reason)


def remember(books: Connection, origin: dt.date | None, by: str, reason: str) -> None:
    """That its lock date has moved to where it is now."""
    LockDateMove.objects.create(books=books, origin=origin, to=books.lock_date, moved_by=by, reason=reason)
