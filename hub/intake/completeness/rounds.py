"""Rounds of the completeness sweep: every day of the window is counted, and what was missing is taken in and told.

A round goes on where it was left, by whatever worker: when its time was up, after a pause of its source, after a kill.
"""

from __future__ import annotations

import datetime as dt
import logging
import math

from django.conf import settings

from connectors.base import Notice
from connectors.errors import ConnectorError, RateLimited
from connectors.models import Connection
from hub import queue
from hub.alerts import end_alert, raise_alert
from hub.engine import clock
from hub.errors import TurnLost
from hub.intake.completeness.counted import Counted
from hub.intake.completeness.left_out import left_out
from hub.intake.completeness.turns import Turn, begun, rows, taken
from hub.intake.completeness.untold import OutOfTime, untold
from hub.intake.completeness.words import called, enumerated
from hub.intake.edges import DAY
from hub.intake.inbox import accept
from hub.intake.portions import portions
from hub.models import Alert, Completeness, Event

logger = logging.getLogger(__name__)
MISSING = Alert.Kind.MISSING
LATER = 600.0
TOGETHER = 50
"""Records that are taken in by one transaction."""
REMEDY = (
    "Nothing needs to be done for these. If it happens again, look on the page of the connection whether its webhooks "
    "are set up, and under Events whether they arrive."
)


def count_tonight(until: float) -> None:
    """Begins what is due, and takes every round on until that moment of the monotonic clock, or until the stop."""
    connections = Connection.objects.ready(clock.now()).filter(flows_out__enabled=True).distinct()
    for row in rows(connections):
        turn = None if queue.is_over(until) else taken(row)
        if turn:
            step(turn, until)


def count_now(connection: Connection, days: int | None = None) -> list[Completeness]:
    """A whole round of each of its resources, at once. `reached` is left where one has not come to its end, and
    `problem` says why."""
    named = Connection.objects.filter(pk=connection.pk)
    counted = rows(named)
    for row in counted:
        step(begun(row, days or settings.COMPLETENESS_DAYS), math.inf)
    return counted


def step(turn: Turn, until: float) -> None:
    """Never raises; what went wrong is kept and logged, and the round goes on later."""
    try:
        _count(turn, until)
    except TurnLost:
        return
    except OutOfTime:
        turn.end(problem="")
    except RateLimited as error:
        turn.end(error.wait, problem=str(error))
    except ConnectorError as error:
        logger.warning("%s could not be counted: %s", turn.row, error)
        turn.end(LATER, problem=str(error))
    except Exception as error:
        logger.exception("%s could not be counted", turn.row)
        turn.end(LATER, problem=f"Countinghouse itself failed: {type(error).__name__}: {error}")


def _count(turn: Turn, until: float) -> None:
    row = turn.row
    counted = Counted.of(row.connection, row.resource)
    first = max(row.start or dt.date.min, counted.begins().date() - DAY)
    day = max(row.reached or first, first)
    while row.end and day <= row.end:
        _take_in(turn, counted, untold(counted, day, until))
        day += DAY
        turn.note(reached=day)
        if queue.is_over(until):
            raise OutOfTime
    _take_in(turn, counted, left_out(counted, first, until))
    if not row.missing:
        end_alert(MISSING, counted.key)
    turn.note(reached=None, problem="", ended_at=clock.now())


def _take_in(turn: Turn, counted: Counted, ids: list[str]) -> None:
    """Whoever takes it in says so in the same transaction."""
    row = turn.row
    for some in portions(ids, TOGETHER):
        missing = [*row.missing, *some]
        with turn.writing(missing=missing):
            for id in sorted(some):
                accept(row.connection, Notice(row.resource, id), door=Event.Door.SWEEP)
            raise_alert(MISSING, counted.key, _message(counted, missing), REMEDY)


def _message(counted: Counted, missing: list[str]) -> str:
    number = len(missing)
    by_itself = "It was taken in by itself" if number == 1 else "They were taken in by themselves"
    return (
        f"The count found {number:,} {called(counted.resource, number)} of {counted.connection} that neither webhook nor "
        f"poll had told: {enumerated(missing)}. {by_itself}."
    )
