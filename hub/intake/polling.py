"""Polling: read what changed since the cursor, once. The cursor moves in the same transaction as the event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from connectors.models import Connection
from connectors.vault import connect
from hub.engine.context import calling
from hub.intake.inbox import accept
from hub.models import Cursor, Event


def polled_connections() -> QuerySet[Connection]:
    """Connections that some flow reads from, and that answer."""
    return Connection.objects.filter(flows_out__isnull=False).exclude(state=Connection.State.NEEDS_LOGIN).distinct()


def poll(connection: Connection) -> int:
    """Returns how many notices were new. Raises ConnectorError; what was read until then is kept."""
    connector = connect(connection)
    new = 0
    for name in connection.flows_out.values_list("source_resource", flat=True).distinct():
        resource = connector.resource(name)
        if not resource.offers("changed_since"):
            continue
        with calling(connection):
            for notice, cursor in resource.changed_since(_cursor(connection, name)):
                with transaction.atomic():
                    new += accept(connection, notice, door=Event.Door.POLL)
                    _keep(connection, name, cursor)
    return new


def _cursor(connection: Connection, resource: str) -> Mapping[str, Any]:
    row = Cursor.objects.filter(connection=connection, resource=resource).first()
    if row:
        return dict(row.value)
    start = connection.poll_from or connection.created_at
    return {"since": start.astimezone(timezone.get_default_timezone()).isoformat()}


def _keep(connection: Connection, resource: str, cursor: Mapping[str, Any]) -> None:
    Cursor.objects.update_or_create(connection=connection, resource=resource, defaults={"value": dict(cursor)})
