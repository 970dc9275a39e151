"""Feeding: one day after the other is listed, and what is new to the flow goes through the inbox, behind live work."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from connectors.base import Notice, Resource
from hub.engine import clock
from hub.intake.backfill.days import at_the_edge, belongs, days, is_new
from hub.intake.backfill.turns import Turn, room, unsettled
from hub.intake.edges import DAY
from hub.intake.inbox import accept
from hub.intake.waking import BACKFILL
from hub.models import Backfill, Event


def feed(turn: Turn, resource: Resource[Any], deadline: float) -> None:
    """Until there is no more room, the time is up or every day has been listed; done when all of it is settled."""
    backfill = turn.row
    for day in days(backfill):
        if not _feed_day(turn, resource, day, deadline):
            return
        turn.note(reached=day + DAY)
        if time.monotonic() > deadline:
            return
    if not unsettled(backfill):
        turn.end(state=Backfill.State.DONE, ended_at=clock.now())


def _feed_day(turn: Turn, resource: Resource[Any], day: dt.date, deadline: float) -> bool:
    """False if the day must be listed again: what was fed of it is known by then."""
    backfill, left, begun = turn.row, room(turn.row), False
    for id in resource.list_ids(day, day):
        turn.keep()
        if id in backfill.left_out or not is_new(backfill, id):
            continue
        if left <= 0 or (begun and time.monotonic() > deadline):
            return False
        begun = True
        if at_the_edge(backfill, day) and not belongs(backfill, resource, id):
            turn.note(left_out=[*backfill.left_out, id])
        else:
            left -= _fed(turn, id)
    return True


def _fed(turn: Turn, id: str) -> bool:
    """Once for each backfill, however often it is listed: the event's key says so."""
    backfill = turn.row
    flow = backfill.flow
    notice = Notice(flow.source_resource, id, delivery_id=f"{backfill.pk}:{id}")
    with turn.writing():
        return accept(flow.source, notice, door=Event.Door.BACKFILL, priority=BACKFILL, flow=flow, backfill=backfill)
