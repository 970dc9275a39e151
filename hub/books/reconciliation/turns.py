"""Which reconciliation has something to do, and when."""

from __future__ import annotations

import datetime as dt
import time

from django.db.models import F, Q, QuerySet

from connectors.models import Connection
from hub.engine import clock
from hub.intake import turns
from hub.models import Reconciliation


class Turn(turns.Turn[Reconciliation]):
    """Kept before every call; what is stored between two calls takes no longer than this."""

    HELD_FOR = dt.timedelta(seconds=60)
    SAME = "state"


class OutOfTime(Exception):
    """The rest is for the next round."""


def require_time(deadline: float) -> None:
    """Between two batches, when what was done so far is written down. Raises OutOfTime."""
    if time.monotonic() > deadline:
        raise OutOfTime


def due() -> list[Reconciliation]:
    """Those whose next round may begin, and whose source and books can be asked."""
    now = clock.now()
    ready = Connection.objects.ready(now)
    time = Q(next_at=None) | Q(next_at__lte=now)
    return list(_running().filter(time, flow__source__in=ready, flow__target__in=ready))


def next_round() -> dt.datetime | None:
    """When the soonest is due; None where none is, or where all wait for a person."""
    open = Connection.objects.open()
    running = _running().filter(flow__source__in=open, flow__target__in=open)
    return min(map(waits_until, running), default=None)


def waits_until(run: Reconciliation) -> dt.datetime:
    """The latest of what keeps it waiting."""
    ends = (run.flow.source, run.flow.target)
    pauses = (pause for end in ends for pause in (end.paused_until, end.spent_until))
    return max(filter(None, (run.next_at, *pauses)), default=clock.now())


def _running() -> QuerySet[Reconciliation]:
    running = Reconciliation.objects.filter(state=Reconciliation.State.RUNNING).select_related(
        "flow__source", "flow__target", "flow__version"
    )
    return running.order_by(F("next_at").asc(nulls_first=True), "pk")
