"""The one corridor: a notice becomes an event, once, and each flow's record becomes due, in one transaction."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from connectors.base import Notice, Webhook
from connectors.errors import BadSignature
from connectors.models import Connection
from connectors.vault import connect
from hub import queue
from hub.models import Event, Flow, SyncRecord, WebhookRequest

LIVE, BACKFILL = 0, 10


def receive(connection: Connection, webhook: Webhook) -> WebhookRequest:
    """Store raw → verify → read its notices → accept each. Never makes a call. What cannot be verified or read is
    kept to be looked at, and never worked."""
    request = WebhookRequest.objects.create(
        connection=connection, headers=dict(webhook.headers), query=dict(webhook.query), body=webhook.body
    )
    connector = connect(connection)
    try:
        connector.verify(webhook)
    except BadSignature as error:
        return _close(request, WebhookRequest.State.REJECTED, str(error))
    try:
        notices = list(connector.read_notices(webhook))
    except (ValueError, KeyError, TypeError) as error:
        return _close(request, WebhookRequest.State.IGNORED, f"its body cannot be read: {error}")
    with transaction.atomic():
        for notice in notices:
            accept(connection, notice, door=Event.Door.WEBHOOK, request=request)
        return _close(request, WebhookRequest.State.ACCEPTED if notices else WebhookRequest.State.IGNORED)


def accept(
    connection: Connection,
    notice: Notice,
    *,
    door: str,
    request: WebhookRequest | None = None,
    priority: int = LIVE,
) -> bool:
    """False if this delivery is known already. A repeated delivery is no new event; a new event may be about an old
    record, which then simply becomes due again."""
    with transaction.atomic():
        _event, new = Event.objects.get_or_create(
            connection=connection,
            key=_key(notice, door),
            defaults={
                "door": door,
                "resource": notice.resource,
                "source_id": notice.id,
                "lookup": notice.lookup,
                "changed_at": notice.changed_at,
                "request": request,
                "resolve_at": None if notice.id else timezone.now(),
            },
        )
        if new and notice.id:
            make_due(connection, notice.resource, notice.id, priority)
        elif new:
            queue.ring()
    return new


def make_due(connection: Connection, resource: str, source_id: str, priority: int = LIVE) -> None:
    """Each flow of this resource gets its record, or has it woken. Disabled flows receive too; they just wait."""
    now = timezone.now()
    for flow in Flow.objects.filter(source=connection, source_resource=resource):
        _, new = SyncRecord.objects.get_or_create(
            flow=flow,
            source_id=source_id,
            defaults={"due_at": now, "priority": priority, "date": timezone.localdate(now)},
        )
        if not new:
            SyncRecord.objects.filter(flow=flow, source_id=source_id).update(
                wanted=F("wanted") + 1,
                due_at=now,
                # What is being worked on stays so; settling sees that more is wanted.
                state=Case(When(owner="", then=Value(SyncRecord.State.PENDING)), default=F("state")),
            )
    queue.ring()


def _key(notice: Notice, door: str) -> str:
    """The vendor's delivery id, kept apart by door; else the receipt's own, so that two equal notices are two."""
    return f"{door}:{notice.delivery_id}"[:200] if notice.delivery_id else f"{door}:{uuid.uuid4()}"


def _close(request: WebhookRequest, state: str, problem: str = "") -> WebhookRequest:
    request.state, request.problem = state, problem[:300]
    request.save(update_fields=["state", "problem"])
    return request
