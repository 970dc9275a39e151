"""Requests that the door has stored and nobody has read: which are due, and whose they are to take up."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import F, QuerySet

from hub.engine import clock
from hub.intake.pacing import next_try
from hub.models import WebhookRequest

BATCH = 100
LEASE = dt.timedelta(seconds=10)
"""By then, whoever took them up is done, or dead."""
SOONEST, LATEST = 10.0, 6 * 3600.0


def stored_due() -> QuerySet[WebhookRequest]:
    return WebhookRequest.objects.filter(state=WebhookRequest.State.STORED, retry_at__lte=clock.now())


def claimed() -> list[WebhookRequest]:
    """For us alone, by moving their time. What somebody has tried before comes by itself: if its taker died of it, it
    takes no innocents along, and comes again the more rarely the older it is."""
    if not stored_due().exists():
        return []
    return _claimed(stored_due().filter(tries=0), BATCH) or _claimed(stored_due().filter(tries__gt=0), 1)


def _claimed(rows: QuerySet[WebhookRequest], most: int) -> list[WebhookRequest]:
    with transaction.atomic():
        requests = list(_locked(rows.order_by("retry_at"))[:most])
        if requests:
            again = _again(requests)
            chosen = WebhookRequest.objects.filter(pk__in=[request.pk for request in requests])
            chosen.update(retry_at=again, tries=F("tries") + 1)
    return requests


def _again(requests: list[WebhookRequest]) -> dt.datetime:
    oldest = requests[0]
    if not oldest.tries:
        return clock.now() + LEASE
    return next_try(oldest.received_at, soonest=SOONEST, latest=LATEST)


def _locked(rows: QuerySet[WebhookRequest]) -> QuerySet[WebhookRequest]:
    """PostgreSQL skips what others take; on SQLite the transaction itself is the lock."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows
