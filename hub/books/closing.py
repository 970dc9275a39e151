"""Closing a month of the books, and reopening it: one transaction each, which sees all that workers have begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from connectors.models import Connection
from hub.books.agreement import Agreement, agreement, money_flows
from hub.books.earlier import earliest_open_month
from hub.books.lock_dates import Refused, closed_months, write
from hub.books.months import Month
from hub.books.unread import unread
from hub.models import ClosedMonth, Flow, Posting, SyncRecord

LAST_ZONE = dt.timezone(dt.timedelta(hours=-12))
"""Where on earth a day ends last: for stores that have not told us their zone."""
DAY = dt.timedelta(days=1)
State = SyncRecord.State


def close(books: Connection, month: Month, by: str, note: str = "") -> ClosedMonth:
    """Closes it on the figures of this very moment, and sets the lock date. Raises Refused with everything that stands
    against it, and then nothing is written."""
    with transaction.atomic():
        _hold_postings()
        books = Connection.objects.select_for_update().get(pk=books.pk)
        found = agreement(month.first, month.last, books=books)
        against = list(hindrances(books, month, found, timezone.now()))
        if against:
            raise Refused(*against)
        closed = ClosedMonth.objects.create(
            books=books,
            month=month.first,
            figures=found.told(),
            note=note.strip(),
            closed_by=by,
            lock_before=books.lock_date,
        )
        until = max(month.last, books.lock_date or month.last)
        write(books, books.lock_date, until, by, f"{month.title} was closed")
    return closed


def reopen(closed: ClosedMonth, by: str, reason: str) -> None:
    """Sets the lock date back to what it was before. Raises Refused, and then nothing is written."""
    if not reason.strip():
        raise Refused("Say why the month is reopened: whoever looks at it later will ask.")
    with transaction.atomic():
        books = Connection.objects.select_for_update().get(pk=closed.books_id)
        standing, month = list(closed_months(books)), Month.of(closed.month)
        if closed not in standing:
            raise Refused(f"{month.title} is open already.")
        latest = standing[0]
        if latest != closed:
            raise Refused(f"{Month.of(latest.month).title} was closed after it: reopen that one first.")
        done = {"reopened_at": timezone.now(), "reopened_by": by, "reopened_because": reason.strip()}
        ClosedMonth.objects.filter(pk=closed.pk).update(**done)
        write(books, books.lock_date, closed.lock_before, by, f"{month.title} was reopened: {reason.strip()}")


def hindrances(books: Connection, month: Month, found: Agreement, now: dt.datetime) -> Iterator[str]:
    """What stands against closing it, each with what to do; nothing where it may be closed."""
    closed = closed_months(books).filter(month=month.first).first()
    if closed:
        yield f"{month.title} is closed already, by {closed.closed_by}."
        return
    over = over_at(books, month)
    if now < over:
        yield (
            f"{month.title} is not over yet in every store's time zone: it is on "
            f"{timezone.localtime(over):%d %b %Y, %H:%M}."
        )
    earlier = earliest_open_month(books, month)
    if earlier:
        yield (
            f"{earlier.title} has trade and is still open: close it first. What was closed elsewhere is told by the lock "
            "date on the page of the books."
        )
    yield from _disagreements(month, found)
    yield from _not_read(books, month, over)
    yield from _at_work(books, month)


def over_at(books: Connection, month: Month) -> dt.datetime:
    """When it has ended for the last of the stores that sell into these books. A store that does not say its zone may be
    anywhere."""
    ends = dt.datetime.combine(month.last + DAY, dt.time())
    zones = [_zone(flow.source) for flow in money_flows(books)] or [LAST_ZONE]
    return max(ends.replace(tzinfo=zone).astimezone(dt.UTC) for zone in zones)


def _zone(store: Connection) -> dt.tzinfo:
    try:
        return ZoneInfo(str(store.settings.get("timezone") or ""))
    except (ZoneInfoNotFoundError, ValueError):
        return LAST_ZONE


def _disagreements(month: Month, found: Agreement) -> Iterator[str]:
    pairs = [f"{pair.flow} ({pair.currency or 'not read yet'})" for pair in found.pairs if not pair.agrees]
    if pairs:
        yield f"The books do not agree for {month.title}: {', '.join(pairs)}."


def _not_read(books: Connection, month: Month, over: dt.datetime) -> Iterator[str]:
    """Where it was received does not tell which day it is of: a store's evening may be the next month here, and a store
    that was down tells late."""
    since, until = dt.datetime.combine(month.first - DAY, dt.time(), dt.UTC), over + DAY
    for flow in money_flows(books):
        found = unread(flow, since, until)
        if found.coming:
            yield f"{_told(found.coming, flow, month)} not been read yet. {_what_they_wait_for(flow)}"
        if found.stuck:
            yield (
                f"{_told(found.stuck, flow, month)} never been read, and nothing more comes by itself. “Dead letters” and "
                "the records' own pages say what is wrong: mend and replay, or skip with a reason."
            )


def _told(count: int, flow: Flow, month: Month) -> str:
    many = count > 1
    told = f"{count} {'notices' if many else 'notice'} of {flow} ({flow.source})"
    return f"{told} may be about {month.title} and {'have' if many else 'has'}"


def _what_they_wait_for(flow: Flow) -> str:
    if not flow.enabled:
        return "The flow is switched off: switch it on."
    for system in (flow.source, flow.target):
        if system.state == Connection.State.NEEDS_LOGIN:
            return f"{system} asks for a login: log in on its page; then they are read by themselves."
        if system.state in (Connection.State.AWAY, Connection.State.PAUSED):
            return f"{system} does not answer just now: they are read by themselves when it does. Its page says more."
    return "They are read by themselves: try again in a minute."


def _at_work(books: Connection, month: Month) -> Iterator[str]:
    """What is on its way, or may have arrived, in this month or before: also of a record whose own date is earlier."""
    open_records = (*SyncRecord.UNSETTLED, State.HELD, State.FAILED)
    dated = Posting.objects.filter(target=books, date__lte=month.last, record__state__in=open_records)
    count = dated.filter(Q(state=Posting.State.SENT) | Q(record__state=State.WORKING)).count()
    if count:
        yield (
            f"{count} document{'s' if count > 1 else ''} of this month or before {'are' if count > 1 else 'is'} being "
            "posted or looked for right now. Try again in a minute."
        )


def _hold_postings() -> None:
    """No worker writes a document down as sent between our look and the new lock date: those that are at it are waited
    for, the others wait, and then find the day closed. On SQLite the transaction itself does that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Posting._meta.db_table)} IN SHARE MODE")
