"""Whose turn it is: a round begins every night, and one worker at a time takes its next step, by moving its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from connectors.models import Connection
from hub.engine import clock
from hub.intake import turns
from hub.intake.edges import DAY
from hub.models import Completeness


class Turn(turns.Turn[Completeness]):
    """The right to take one round on. One day may cost many calls: a list has pages, and a poll is made."""

    HELD_FOR = dt.timedelta(minutes=3)
    SAME = "begun_at"


def taken(row: Completeness) -> Turn | None:
    """The next step of a round that is under way, or of the one that is due tonight; None where there is nothing to do,
    or somebody does it."""
    now = clock.now()
    if row.next_at and row.next_at > now:
        return None
    if row.reached is None and not _due_tonight(row, now):
        return None
    turn = Turn.take(row)
    return turn if turn is None or row.reached else begun(row, settings.COMPLETENESS_DAYS)


def begun(row: Completeness, days: int) -> Turn:
    """A new round. It ends a day further than the hub's own day: somewhere it is tomorrow already."""
    today = timezone.localdate()
    row.start = row.reached = today - days * DAY
    row.end = today + DAY
    row.missing, row.problem, row.begun_at, row.ended_at = [], "", clock.now(), None
    row.next_at = row.begun_at + Turn.HELD_FOR
    row.save()
    return Turn(row)


def rows(connections: QuerySet[Connection]) -> list[Completeness]:
    """One for each resource that can be counted; what has waited longest comes first."""
    found = [_row(connection, name) for connection in connections for name in _countable(connection)]
    return sorted(found, key=lambda row: row.next_at or row.connection.created_at)


def _row(connection: Connection, name: str) -> Completeness:
    row, _ = Completeness.objects.get_or_create(connection=connection, resource=name)
    row.connection = connection
    return row


def _countable(connection: Connection) -> Iterable[str]:
    """What an enabled flow reads, and the source can list."""
    offered = connection.connector_class.resources
    flows = connection.flows_out.filter(enabled=True).order_by("source_resource")
    names = flows.values_list("source_resource", flat=True).distinct()
    return [name for name in names if name in offered and offered[name].offers("list_ids")]


def _due_tonight(row: Completeness, now: dt.datetime) -> bool:
    """Since the last hour of counting it has not been; a new connection has its first night before it."""
    here = timezone.localtime(now)
    hour = here.replace(hour=settings.COMPLETENESS_HOUR, minute=0, second=0, microsecond=0)
    return (row.begun_at or row.connection.created_at) < (hour if hour <= here else hour - DAY)
