"""Whose turn it is: a round begins every night, and one worker at a time takes its next step, by moving its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from connectors.models import Connection
from hub.engine import clock
from hub.models import Completeness

DAY = dt.timedelta(days=1)
HELD_FOR = dt.timedelta(minutes=3)
"""One call takes 20 s at most. A worker that dies keeps the others waiting so long."""


class TurnLost(Exception):
    """A new round was begun meanwhile. Whoever sees this stops and writes nothing."""


@dataclass
class Turn:
    """The right to take one round on. The row says how far it is."""

    row: Completeness

    def note(self, **values: Any) -> None:
        """Raises TurnLost."""
        if not self._ours(next_at=clock.now() + HELD_FOR, **values):
            raise TurnLost(str(self.row))

    def give_back(self, wait: float = 0, problem: str = "") -> None:
        """It goes on after so many seconds; nothing happens where it is no longer ours."""
        self._ours(next_at=clock.now() + dt.timedelta(seconds=wait), problem=problem)

    def _ours(self, **values: Any) -> bool:
        ours = Completeness.objects.filter(pk=self.row.pk, begun_at=self.row.begun_at).update(**values)
        for name, value in values.items():
            setattr(self.row, name, value)
        return bool(ours)


def taken(row: Completeness) -> Turn | None:
    """The next step of a round that is under way, or of the one that is due tonight; None where there is nothing to do,
    or somebody does it."""
    now = clock.now()
    if row.next_at and row.next_at > now:
        return None
    if row.reached is None and not _due_tonight(row, now):
        return None
    if not Completeness.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=now + HELD_FOR):
        return None
    return Turn(row) if row.reached else begun(row, settings.COMPLETENESS_DAYS)


def begun(row: Completeness, days: int) -> Turn:
    """A new round. It ends a day further than the hub's own day: somewhere it is tomorrow already."""
    today = timezone.localdate()
    row.start = row.reached = today - days * DAY
    row.end = today + DAY
    row.missing, row.problem, row.begun_at, row.ended_at = [], "", clock.now(), None
    row.next_at = row.begun_at + HELD_FOR
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
