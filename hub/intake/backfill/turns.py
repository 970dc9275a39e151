"""Which backfill has something to do, when, and how much of it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from connectors.models import Connection
from hub.engine import clock
from hub.intake import turns
from hub.models import Backfill, SyncRecord

ROOM = 500
"""Unsettled records of one backfill at a time: the queue stays short, and a pause takes hold at once."""


class Turn(turns.Turn[Backfill]):
    """One call takes 20 s at most."""

    HELD_FOR = dt.timedelta(seconds=30)
    SAME = "state"

    @property
    def state(self) -> Backfill.State:
        """In which it was taken."""
        return Backfill.State(self._same[self.SAME])


def due() -> list[Backfill]:
    """Those that have something to do now and whose source can be asked."""
    now = clock.now()
    time = Q(next_at=None) | Q(next_at__lte=now)
    return list(_hungry().filter(time, flow__source__in=Connection.objects.ready(now)))


def next_round() -> dt.datetime | None:
    """When the soonest is due; None where none is, or where all wait for a person."""
    hungry = _hungry().filter(flow__source__in=Connection.objects.open())
    return min(map(_waits_until, hungry), default=None)


def unsettled(backfill: Backfill) -> int:
    return backfill.records.filter(state__in=SyncRecord.UNSETTLED).count()


def room(backfill: Backfill) -> int:
    return max(ROOM - unsettled(backfill), 0)


def _hungry() -> QuerySet[Backfill]:
    """Half of what was fed is worked off; or all of it, where no day is left. What is switched off is not fed."""
    listed = Q(reached__gt=F("end"))
    hungry = listed & Q(left=0) | ~listed & Q(left__lte=ROOM // 2, flow__enabled=True)
    moving = Backfill.objects.annotate(left=_left()).filter(hungry | Q(state=Backfill.State.PREVIEWING))
    moving = moving.filter(state__in=Backfill.MOVING)
    return moving.select_related("flow__source", "flow__target", "flow__version").order_by("pk")


def _left() -> Coalesce:
    """What `unsettled` counts, for each within the same statement."""
    records = SyncRecord.objects.filter(backfill=OuterRef("pk"), state__in=SyncRecord.UNSETTLED).order_by()
    return Coalesce(Subquery(records.values("backfill").annotate(left=Count("pk")).values("left")), 0)


def _waits_until(backfill: Backfill) -> dt.datetime:
    """The latest of what keeps it waiting."""
    source = backfill.flow.source
    return max(filter(None, (backfill.next_at, source.paused_until, source.spent_until)), default=clock.now())
