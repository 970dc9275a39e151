"""The one corridor. The door stores what is genuine and what is not; a worker takes up what is stored and reads it; each
notice becomes an event, once, and makes records due.

Whoever dies on the way leaves the request stored; the next drain takes it up from there.
"""

from __future__ import annotations

import time

from django.db import transaction

from connectors.base import Notice, Webhook
from connectors.models import Connection
from hub import queue
from hub.engine import clock
from hub.intake.events import facts_of, key_of, names_otherwise
from hub.intake.reading import take_up
from hub.intake.stored import claimed
from hub.intake.storing import scribe
from hub.intake.verifying import verify
from hub.intake.waking import LIVE, listening, make_due
from hub.models import Backfill, Event, Flow, WebhookRequest

ROUND_SECONDS = 1.0
"""For each claim: records are waiting too."""


def receive(connection: Connection, webhook: Webhook) -> WebhookRequest:
    """Verify in memory, then store with the outcome: one commit, and no call. What cannot be verified is kept to be
    looked at, and never worked. Raises the database's errors where the vendor had better send it again."""
    request = WebhookRequest(
        connection=connection,
        headers=dict(webhook.headers),
        query=dict(webhook.query),
        body=webhook.body,
        retry_at=clock.now(),
    )
    verify(connection, request, webhook)
    scribe.store(request)
    return request


def take_up_stored(seconds: float = ROUND_SECONDS) -> int:
    """What the door has stored, in batches, until nothing is left or the time is up. Returns how many. Where nothing is
    stored, that is one query. Rings no bell: whoever takes up works on what it told."""
    deadline = time.monotonic() + seconds
    count = 0
    while time.monotonic() < deadline and (requests := claimed()):
        take_up(requests)
        count += len(requests)
    return count


def accept(
    connection: Connection,
    notice: Notice,
    *,
    door: str,
    priority: int = LIVE,
    flow: Flow | None = None,
    backfill: Backfill | None = None,
) -> bool:
    """False if this delivery is known already. A repeated delivery is no new event; a new event may be about an old
    record, which then simply becomes due again. Only `flow` is told, where one is named; else all that listen."""
    with transaction.atomic():
        asks = names_otherwise(notice) and listening(connection, notice.resource).exists()
        _event, new = Event.objects.get_or_create(
            connection=connection,
            key=key_of(notice, door),
            defaults=facts_of(notice, door, flow=flow, asks=asks),
        )
        if new and notice.id:
            flows = [flow] if flow else listening(connection, notice.resource)
            make_due(flows, notice.id, priority, backfill)
        elif new and asks:
            queue.ring()
    return new
