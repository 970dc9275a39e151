"""The books' lock date at the last moment before an effect: it may have moved since the attempt began.

The statement that writes an effect down checks it, too, which costs nothing. Between that and the call there may be a
new login or a wait for others: then it is looked at once more.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q, QuerySet, Subquery, Value

from connectors.http import before_each_call
from connectors.models import Connection
from hub.accounting.dates import Calendar
from hub.engine.context import Run
from hub.errors import NotYet

FRESH = 1.0
"""Seconds for which the last check holds."""


def unless_closed(value: str, date: dt.date, run: Run) -> Subquery:
    """For an INSERT: the value, or nothing at all once that day is closed, which a column that needs one refuses."""
    return Subquery(_target(run).filter(Q(lock_date=None) | Q(lock_date__lt=date)).values_list(Value(value)))


def still_open(date: dt.date | None, run: Run) -> Q:
    """For the WHERE of an UPDATE. What has no date is never closed."""
    return Q() if date is None else ~Q(target__in=_target(run).filter(lock_date__gte=date))


@contextmanager
def watched(date: dt.date | None, what: str, run: Run) -> Iterator[None]:
    """Around an effect whose day was open a moment ago. Raises NotYet right before a call that comes later than that;
    what was written down as sent is then in doubt like any other."""
    checked = time.monotonic()

    def look_again() -> None:
        run.claim.renew()
        if time.monotonic() - checked > FRESH:
            require_open(date, what, run)

    with before_each_call(look_again):
        yield


def require_open(date: dt.date | None, what: str, run: Run) -> None:
    """One statement. Raises NotYet where the day was closed since this attempt began: everything is worked out again,
    with an open date. Raises Closed where the document has a closed day all the same, for then it always will."""
    if date is None:
        return
    calendar = Calendar(_target(run).values_list("lock_date", flat=True).get())
    if calendar.is_open(date):
        return
    if Calendar(run.flow.target.lock_date).is_open(date):
        told = f"The books were closed up to {calendar.lock_date} while {what} was on its way; it takes an open date"
        raise NotYet("period_closed", told, after=0)
    calendar.require_open(date, what)


def _target(run: Run) -> QuerySet[Connection]:
    return Connection.objects.order_by().filter(pk=run.flow.target_id)
