"""A record that its source does not have: what was read before is gone; anything else may still be on its way.

A store may announce a record before its own commit, and a payment may be told of before its order.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from connectors.errors import Gone
from hub.errors import NotYet
from hub.intake.pacing import age, pause
from hub.models import Event, SyncRecord

EXPECTED_FOR = 24 * 3600.0
"""Seconds since its newest notice for which a record that was never read may still come."""
SOONEST, LATEST = 2.0, 3600.0


def missing(record: SyncRecord, error: Gone) -> Exception:
    """What a source's "there is no such record" means: `error` itself, or NotYet with the time of the next look."""
    told_at = _told_at(record)
    if _was_read(record) or age(told_at) >= EXPECTED_FOR:
        return error
    message = f"{error}. It may still be on its way: we look again by ourselves, for a day."
    return NotYet("not_there_yet", message, after=pause(told_at, soonest=SOONEST, latest=LATEST))


def _was_read(record: SyncRecord) -> bool:
    """A number was written down with the first reading; the answer itself only with the end of that attempt."""
    return bool(record.number) or record.attempts.filter(raw__isnull=False).exists()


def _told_at(record: SyncRecord) -> dt.datetime:
    told = Event.objects.filter(
        connection=record.flow.source, resource=record.flow.source_resource, source_id=record.source_id
    )
    newest: dt.datetime | None = told.aggregate(newest=Max("received_at"))["newest"]
    return newest or record.created_at
