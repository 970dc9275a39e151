"""Whose turn it is: one worker at a time takes a backfill's next round, by moving its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from connectors.models import Connection
from hub.engine import clock
from hub.models import Backfill, SyncRecord

HELD_FOR = dt.timedelta(seconds=30)
"""One call takes 20 s at most. A worker that dies keeps the others waiting so long."""
ROOM = 500
"""Unsettled records of one backfill at a time: the queue stays short, and a pause takes hold at once."""


class TurnLost(Exception):
    """It was paused or stopped, or another worker has taken over. Whoever sees this stops and writes nothing."""


@dataclass
class Turn:
    """The right to move one backfill on until `until`, as long as it is in `state`."""

    backfill: Backfill
    state: str
    until: dt.datetime

    @contextmanager
    def writing(self, **values: Any) -> Iterator[None]:
        """One transaction in which the backfill is still ours, whatever else is written in it. Raises TurnLost."""
        until = clock.now() + HELD_FOR
        with transaction.atomic():
            if not self._ours(next_at=until, **values):
                raise TurnLost(str(self.backfill))
            yield
        self.until = until
        for name, value in values.items():
            setattr(self.backfill, name, value)

    def note(self, **values: Any) -> None:
        """Raises TurnLost."""
        with self.writing(**values):
            pass

    def keep(self) -> None:
        """Between calls. Raises TurnLost."""
        if self.until - clock.now() < HELD_FOR / 2:
            self.note()

    def end(self, wait: float = 0, **values: Any) -> None:
        """Give it back; nothing happens where it is no longer ours."""
        self._ours(next_at=clock.now() + dt.timedelta(seconds=wait), **values)

    def _ours(self, **values: Any) -> bool:
        mine = Backfill.objects.filter(pk=self.backfill.pk, state=self.state, next_at=self.until)
        return bool(mine.update(**values))


def take(backfill: Backfill) -> Turn | None:
    """None if another worker came first, or if it has been paused or stopped."""
    until = clock.now() + HELD_FOR
    same = Backfill.objects.filter(pk=backfill.pk, state=backfill.state, next_at=backfill.next_at)
    return Turn(backfill, backfill.state, until) if same.update(next_at=until) else None


def due() -> list[Backfill]:
    """Those that have something to do now and whose source can be asked."""
    now = clock.now()
    return [one for one in _moving() if (time := _next_round(one)) and time <= now]


def next_round() -> dt.datetime | None:
    """When the soonest is due; None where none is, or where all wait for a person."""
    return min(filter(None, map(_next_round, _moving())), default=None)


def unsettled(backfill: Backfill) -> int:
    return backfill.records.filter(state__in=SyncRecord.UNSETTLED).count()


def room(backfill: Backfill) -> int:
    return max(ROOM - unsettled(backfill), 0)


def _moving() -> list[Backfill]:
    closed = [Connection.State.AWAY, Connection.State.NEEDS_LOGIN]
    moving = Backfill.objects.filter(state__in=Backfill.MOVING).exclude(flow__source__state__in=closed)
    return list(moving.select_related("flow__source", "flow__target", "flow__version").order_by("pk"))


def _next_round(backfill: Backfill) -> dt.datetime | None:
    """The latest of what keeps it waiting; None while its records are being worked off."""
    source = backfill.flow.source
    if backfill.state == Backfill.State.RUNNING and not _hungry(backfill):
        return None
    return max(filter(None, (backfill.next_at, source.paused_until, source.spent_until)), default=clock.now())


def _hungry(backfill: Backfill) -> bool:
    """Half of what it fed is worked off; or all of it, where no day is left. What is switched off is not fed."""
    if backfill.reached > backfill.end:
        return unsettled(backfill) == 0
    return backfill.flow.enabled and unsettled(backfill) <= ROOM // 2
