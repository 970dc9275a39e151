"""Polling: read what changed since the cursor, once. The cursor moves in the same transaction as the event."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.db.models import QuerySet

from connectors.base import Resource
from connectors.errors import AWAY, ConnectorError
from connectors.models import Connection
from connectors.vault import connect
from hub import queue
from hub.engine import clock
from hub.engine.calling import calling
from hub.engine.own_work import is_ours
from hub.intake.cursors import readings
from hub.intake.inbox import accept
from hub.intake.subscribing import subscribe
from hub.models import Event

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Polled:
    """How many notices were new; and why it was not read to the end, in a sentence."""

    connection: Connection
    new: int = 0
    problem: str = ""


def sources() -> QuerySet[Connection]:
    """Connections that some flow reads from."""
    return Connection.objects.filter(flows_out__isnull=False).distinct()


def polled_connections() -> QuerySet[Connection]:
    return sources().filter(pk__in=Connection.objects.answering(clock.now()))


def poll_each(connections: Iterable[Connection], *, until: float = math.inf) -> Iterator[Polled]:
    """Each for itself and several at once, so that one that fails or hangs keeps no other from being read."""
    chosen = list(connections)
    if len(chosen) < 2:
        yield from (try_to_poll(one, until=until) for one in chosen)
        return
    with ThreadPoolExecutor(min(len(chosen), settings.THREADS)) as pool:
        yield from pool.map(partial(_poll_in_thread, until=until), chosen)


def try_to_poll(connection: Connection, *, until: float = math.inf) -> Polled:
    """Never raises; what went wrong is logged and told."""
    try:
        return Polled(connection, poll(connection, until=until))
    except ConnectorError as error:
        logger.warning("%s could not be read: %s", connection, error)
        return Polled(connection, problem=str(error))
    except Exception as error:
        logger.exception("%s could not be read", connection)
        return Polled(connection, problem=f"Countinghouse itself failed: {type(error).__name__}: {error}")


def poll(connection: Connection, *, until: float = math.inf) -> int:
    """Returns how many notices were new. Ends early at that moment of the monotonic clock, or when this worker is asked to
    stop; the next poll goes on there.

    Raises ConnectorError, but only after every resource had its turn; what was read until then is kept.
    """
    connector = connect(connection)
    subscribe(connection, connector)
    new, failed = 0, None
    for name in connection.flows_out.order_by("source_resource").values_list("source_resource", flat=True).distinct():
        if queue.is_stopping():
            break
        try:
            new += read(connection, name, connector.resource(name), until)
        except AWAY:  # its other resources would not answer either
            raise
        except Exception as error:
            failed = failed or error
    if failed:
        raise failed
    return new


def read(connection: Connection, name: str, resource: Resource[Any], until: float) -> int:
    """From where it was left; and a second time from further back, where that is asked for."""
    if not resource.offers("changed_since"):
        return 0
    new = 0
    with calling(connection):
        for reading in readings(connection, name):
            kept: Mapping[str, Any] = {}
            for notice, cursor in resource.changed_since(reading.start):
                with transaction.atomic():
                    if not is_ours(connection, notice.resource, notice.id):
                        new += accept(connection, notice, door=Event.Door.POLL)
                    if cursor != kept:  # it may be large, and stand still for a batch
                        reading.keep(cursor)
                kept = dict(cursor)
                if queue.is_over(until):
                    return new
            reading.end()
    return new


def _poll_in_thread(connection: Connection, *, until: float) -> Polled:
    try:
        return try_to_poll(connection, until=until)
    finally:
        database.close()
