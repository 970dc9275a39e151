"""Taking up requests: what each says is read, then all that they told is accepted in one transaction of few statements.

Either all of a request is accepted and the request closed, or nothing. Two workers with the same request, or two
requests with the same delivery, are one event: the rows are locked, always in the same order, so that nobody waits for
somebody who waits for him.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from connectors.base import Connector, Notice, Webhook
from connectors.errors import Rejected
from connectors.models import Connection
from connectors.vault import connect
from hub.engine.calling import calling
from hub.intake.events import facts_of, key_of, names_otherwise
from hub.intake.portions import portions
from hub.intake.storing import DISTURBED
from hub.intake.verifying import put_off, verify
from hub.intake.waking import wake
from hub.models import Event, Flow, WebhookRequest

logger = logging.getLogger(__name__)
SHAKEN = b"(a handshake; what it told is kept with the secrets of the connection)"
State = WebhookRequest.State
HOOK = Event.Door.WEBHOOK


@dataclass(frozen=True)
class Read:
    """A genuine request and what it told."""

    request: WebhookRequest
    notices: Sequence[Notice]

    def events(self, heard: Collection[tuple[int, str]]) -> Iterable[Event]:
        connection = self.request.connection_id
        for position, notice in enumerate(self.notices):
            asks = names_otherwise(notice) and (connection, notice.resource) in heard
            facts = facts_of(notice, HOOK, self.request, asks=asks)
            yield Event(connection_id=connection, key=key_of(notice, HOOK, self.request, position), **facts)


def take_up(requests: Sequence[WebhookRequest]) -> None:
    """Raises the database's errors; what was not closed then stays stored."""
    connections = Connection.objects.in_bulk({request.connection_id for request in requests})
    known = [request for request in requests if request.connection_id in connections]
    read = (_read(connections[request.connection_id], request) for request in known)
    accept_each([one for one in read if one])


def accept_each(read: Sequence[Read]) -> None:
    """One that cannot be accepted takes none of the others along."""
    try:
        _accept(read)
    except DISTURBED:
        raise
    except Exception as error:
        if len(read) == 1:
            _put_off(read[0].request, error)
        else:
            for one in read:
                accept_each([one])


def _read(connection: Connection, request: WebhookRequest) -> Read | None:
    webhook = Webhook(bytes(request.body), request.headers, request.query, request.received_at)
    if not request.verified:
        verify(connection, request, webhook)
        _save(request, "state", "verified", "problem", "retry_at", "headers", "query")
        if not request.verified:
            return None
    try:
        connector = connect(connection)
        if _is_handshake(connection, connector, request, webhook):
            return Read(request, ())
        return Read(request, list(connector.read_notices(webhook)))
    except DISTURBED:
        raise
    except Exception as error:
        _put_off(request, error)
        return None


def _is_handshake(connection: Connection, connector: Connector, request: WebhookRequest, webhook: Webhook) -> bool:
    """It is answered here, by a worker, and tells of no record. Its secret does not stay with the request."""
    if not connector.offers("shake_hands"):
        return False
    try:
        with calling(connection):
            shaken = connector.shake_hands(webhook)
    except Rejected as error:
        logger.warning("A handshake for %s was refused: %s", connection, error)
        shaken = True
    if shaken:
        request.body = SHAKEN
        _save(request, "body")
    return shaken


def _put_off(request: WebhookRequest, error: Exception) -> None:
    put_off(request, error)
    _save(request, "problem", "retry_at")


def _save(request: WebhookRequest, *fields: str) -> None:
    """Unless another worker, who took it up because we were slow, has closed it."""
    stored = WebhookRequest.objects.filter(pk=request.pk, state=State.STORED)
    stored.update(**{field: getattr(request, field) for field in fields})


def _accept(read: Sequence[Read]) -> None:
    with transaction.atomic():
        mine = _still_stored(read)
        flows = _listening(mine)
        new = _keep(event for one in mine for event in one.events(flows))
        wake(Counter((flow, e.source_id) for e in new if e.source_id for flow in flows.get(_subject(e), ())))
        _close(mine)


def _still_stored(read: Sequence[Read]) -> list[Read]:
    """What another worker took up because we were slow is his."""
    pks = [one.request.pk for one in read]
    rows = WebhookRequest.objects.filter(pk__in=pks, state=State.STORED).order_by("pk").select_for_update()
    stored = set(rows.values_list("pk", flat=True))
    return [one for one in read if one.request.pk in stored]


def _listening(read: Sequence[Read]) -> dict[tuple[int, str], list[int]]:
    """Connection and resource → the flows, disabled ones too: they just wait."""
    found: dict[tuple[int, str], list[int]] = {}
    connections = {one.request.connection_id for one in read}
    for flow in Flow.objects.filter(source__in=connections).values_list("source_id", "source_resource", "pk"):
        found.setdefault(flow[:2], []).append(flow[2])
    return found


def _keep(events: Iterable[Event]) -> list[Event]:
    """Those that are new; a delivery that was known, or that another worker has just kept, is not."""
    told: dict[tuple[int, str], Event] = {}
    for event in events:
        told.setdefault((event.connection_id, event.key), event)
    for connection, key in _known(told.values()):
        told.pop((connection, key), None)
    new = [event for _, event in sorted(told.items())]
    Event.objects.bulk_create(new, ignore_conflicts=True)
    ours = _known(new, request__in={event.request_id for event in new})
    return [event for event in new if (event.connection_id, event.key) in ours]


def _known(events: Collection[Event], **conditions: object) -> set[tuple[int, str]]:
    connections, keys = {event.connection_id for event in events}, [event.key for event in events]
    found: set[tuple[int, str]] = set()
    for some in portions(keys):
        rows = Event.objects.filter(connection__in=connections, key__in=some, **conditions)
        found.update(rows.values_list("connection_id", "key"))
    return found


def _subject(event: Event) -> tuple[int, str]:
    return event.connection_id, event.resource


def _close(read: Sequence[Read]) -> None:
    for state, pks in (
        (State.ACCEPTED, [one.request.pk for one in read if one.notices]),
        (State.IGNORED, [one.request.pk for one in read if not one.notices]),
    ):
        if pks:
            WebhookRequest.objects.filter(pk__in=pks).update(state=state, problem="", retry_at=None)
