"""Where the reading of each source stands: the first reading, and a second one from further back where that is asked
for, as after a restored backup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from connectors.models import Connection
from hub.models import Cursor


@dataclass(frozen=True)
class Reading:
    """`keep` belongs into the transaction of what was read; `end` is for when nothing is left."""

    start: Mapping[str, Any]
    keep: Callable[[Mapping[str, Any]], object]
    end: Callable[[], object]


def readings(connection: Connection, resource: str) -> Iterator[Reading]:
    row = Cursor.objects.filter(connection=connection, resource=resource).first()
    keep = partial(_keep, connection, resource)
    yield Reading(dict(row.value) if row else start_at(beginning(connection)), keep, lambda: None)
    row = Cursor.objects.filter(connection=connection, resource=resource, again_from__isnull=False).first()
    if row and row.again_from:
        start = dict(row.again) or start_at(max(row.again_from, beginning(connection)))
        yield Reading(start, partial(_keep_again, row), partial(_end_again, row))


def read_again(since: dt.datetime) -> int:
    """Everything changed since then is to be read a second time; returns how many cursors there are. A second reading
    that is under way begins anew, never later than it had begun."""
    asked_earlier = Cursor.objects.filter(again_from__lt=since)
    return asked_earlier.update(again={}) + Cursor.objects.exclude(again_from__lt=since).update(
        again_from=since, again={}
    )


def beginning(connection: Connection) -> dt.datetime:
    """Nothing from before is ours."""
    return connection.poll_from or connection.created_at


def start_at(moment: dt.datetime) -> Mapping[str, Any]:
    return {"since": moment.astimezone(timezone.get_default_timezone()).isoformat()}


def _keep(connection: Connection, resource: str, cursor: Mapping[str, Any]) -> None:
    """After every notice: one statement, but for the very first."""
    there = Cursor.objects.filter(connection=connection, resource=resource)
    if not there.update(value=dict(cursor), updated_at=timezone.now()):
        Cursor.objects.update_or_create(connection=connection, resource=resource, defaults={"value": dict(cursor)})


def _keep_again(row: Cursor, cursor: Mapping[str, Any]) -> None:
    _same(row).update(again=dict(cursor))


def _end_again(row: Cursor) -> None:
    _same(row).update(again_from=None, again={})


def _same(row: Cursor) -> QuerySet[Cursor]:
    """Unless another one was asked for meanwhile."""
    return Cursor.objects.filter(pk=row.pk, again_from=row.again_from)
