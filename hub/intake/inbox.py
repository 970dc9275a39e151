"""The one corridor: a request is stored, verified and read; each notice becomes an event, once, and makes records due.

Whoever dies after storing a request leaves it stored; the sweep takes it up from there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import time
import uuid
from collections.abc import Iterable

from django.db import InterfaceError, InternalError, OperationalError, transaction
from django.db.models import QuerySet

from connectors.base import Notice, Webhook
from connectors.errors import BadSignature
from connectors.models import Connection
from connectors.vault import connect
from hub import queue
from hub.engine import clock
from hub.intake.masking import masked
from hub.intake.pacing import next_try
from hub.intake.waking import LIVE, listening, make_due
from hub.models import Event, WebhookRequest

logger = logging.getLogger(__name__)
State = WebhookRequest.State

FIRST_LOOK = dt.timedelta(minutes=1)
"""By then, whoever stored a request has closed it, or is dead."""
SOONEST, LATEST = 60.0, 6 * 3600.0
ROUND_SECONDS = 15.0
DISTURBED = (OperationalError, InterfaceError, InternalError)
"""The database is locked, full or away: no fault of the request's."""
KEY_LENGTH = 200


def receive(connection: Connection, webhook: Webhook) -> WebhookRequest:
    """Store raw → verify → read its notices → accept each. Never makes a call. What cannot be verified is kept to be
    looked at, and never worked. Raises the database's errors where the vendor had better send it again."""
    request = WebhookRequest.objects.create(
        connection=connection,
        headers=dict(webhook.headers),
        query=dict(webhook.query),
        body=webhook.body,
        retry_at=clock.now() + FIRST_LOOK,
    )
    _take_up(request, webhook)
    return request


def take_up_stored(seconds: float = ROUND_SECONDS) -> int:
    """What was stored and got no further: its process was killed, the database was disturbed, or a connector failed."""
    deadline = time.monotonic() + seconds
    count = 0
    while time.monotonic() < deadline and (request := _claimed()):
        _take_up(request, Webhook(bytes(request.body), request.headers, request.query, request.received_at))
        count += 1
    return count


def _claimed() -> WebhookRequest | None:
    """By moving its time, so that no two sweeps take up the same."""
    for request in _stored_due().order_by("retry_at").select_related("connection")[:5]:
        if _stored_due().filter(pk=request.pk).update(retry_at=clock.now() + FIRST_LOOK):
            return request
    return None


def _stored_due() -> QuerySet[WebhookRequest]:
    return WebhookRequest.objects.filter(state=State.STORED, retry_at__lte=clock.now())


def _take_up(request: WebhookRequest, webhook: Webhook) -> None:
    """A fault in a connector loses nothing: the request stays stored, a person sees why, and it is tried again."""
    try:
        _work_through(request, webhook)
    except DISTURBED:
        raise
    except Exception as error:
        logger.exception("%s could not be read", request)
        problem = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
        later = next_try(request.received_at, soonest=SOONEST, latest=LATEST)
        WebhookRequest.objects.filter(pk=request.pk, state=State.STORED).update(problem=problem, retry_at=later)


def _work_through(request: WebhookRequest, webhook: Webhook) -> None:
    connector = connect(request.connection)
    try:
        connector.verify(webhook)
    except BadSignature as error:
        _close(request, State.REJECTED, str(error))
        return
    notices = list(connector.read_notices(webhook))
    with transaction.atomic():
        for position, notice in _in_order(notices):
            accept(request.connection, notice, door=Event.Door.WEBHOOK, request=request, position=position)
        _close(request, State.ACCEPTED if notices else State.IGNORED)


def _in_order(notices: list[Notice]) -> Iterable[tuple[int, Notice]]:
    """Each with its place in the request, and all in an order that is everybody's: two requests that name the same
    records must not wait for each other."""
    return sorted(enumerate(notices), key=lambda pair: (pair[1].resource, pair[1].id, pair[1].lookup))


def _close(request: WebhookRequest, state: str, problem: str = "") -> None:
    """The one update that ends it. Nobody verifies it again, so it also takes away what could be used to sign."""
    secrets = request.connection.secrets.values()
    request.state, request.problem, request.retry_at = state, problem[:300], None
    request.headers = masked(request.headers, secrets=secrets)
    request.query = masked(request.query, secrets=secrets)
    request.save(update_fields=["state", "problem", "retry_at", "headers", "query"])


def accept(
    connection: Connection,
    notice: Notice,
    *,
    door: str,
    request: WebhookRequest | None = None,
    position: int = 0,
    priority: int = LIVE,
) -> bool:
    """False if this delivery is known already. A repeated delivery is no new event; a new event may be about an old
    record, which then simply becomes due again. `position` is the notice's place in its request."""
    with transaction.atomic():
        asks = not notice.id and bool(notice.lookup) and listening(connection, notice.resource).exists()
        _event, new = Event.objects.get_or_create(
            connection=connection,
            key=_key(notice, door, request, position),
            defaults={
                "door": door,
                "resource": notice.resource,
                "source_id": notice.id,
                "lookup": notice.lookup,
                "changed_at": notice.changed_at,
                "request": request,
                "resolve_at": clock.now() if asks else None,
            },
        )
        if new and notice.id:
            make_due(connection, notice.resource, notice.id, priority)
        elif new and asks:
            queue.ring()
    return new


def _key(notice: Notice, door: str, request: WebhookRequest | None, position: int) -> str:
    """The vendor's delivery id, kept apart by door; else the receipt's own, so that two equal notices are two."""
    if notice.delivery_id:
        return _shortened(f"{door}:{notice.delivery_id}")
    return f"request:{request.pk}:{position}" if request else f"{door}:{uuid.uuid4()}"


def _shortened(key: str) -> str:
    """Where it is too long, with a digest of the whole at its end: two that begin alike are two."""
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[: KEY_LENGTH - len(digest)] + digest
