"""The preview: every record that a backfill would bring in is read, decided, built and proven; nothing is posted."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from connectors.base import Resource
from connectors.documents import Raw
from connectors.errors import AWAY, ConnectorError, Gone
from hub.engine.preview import Preview, came_to, preview
from hub.intake.backfill.days import days, is_new, is_of
from hub.intake.backfill.tally import Tally
from hub.intake.backfill.turns import Turn
from hub.intake.edges import DAY
from hub.models import Backfill

LIMIT = 500
"""Records that a preview reads: each costs calls. What lies behind them it does not guess at."""


def look(turn: Turn, resource: Resource[Any], deadline: float) -> None:
    """Until the time is up, every day has been looked at, or the limit is reached."""
    backfill = turn.row
    tally = Tally.of(backfill)
    for day in days(backfill):
        if not _look_at(day, tally, turn, resource, deadline):
            return
        turn.note(reached=day + DAY)
    turn.end(state=Backfill.State.PREVIEWED)


def _look_at(day: dt.date, tally: Tally, turn: Turn, resource: Resource[Any], deadline: float) -> bool:
    """False if it is not the next day's turn: the day must be listed again, or enough has been read."""
    backfill = turn.row
    begun = False
    for id in resource.list_ids(day, day):
        turn.keep()
        if id in backfill.left_out or tally.knows(id) or not is_new(backfill, id):
            continue
        if tally.read >= LIMIT:
            tally.cut_short = True
            turn.end(state=Backfill.State.PREVIEWED, preview=tally.told())
            return False
        if begun and time.monotonic() > deadline:
            return False
        begun = True
        _look_at_one(id, tally, turn, resource)
    return True


def _look_at_one(id: str, tally: Tally, turn: Turn, resource: Resource[Any]) -> None:
    shown = _shown(id, turn.row, resource)
    if shown and is_of(turn.row, getattr(shown.document, "date", None)):
        tally.add(id, shown)
        turn.note(preview=tally.told())
    else:
        turn.note(left_out=[*turn.row.left_out, id])


def _shown(id: str, backfill: Backfill, resource: Resource[Any]) -> Preview | None:
    """None where the record is gone."""
    try:
        raw: Raw = resource.fetch(id)
    except Gone:
        return None
    except AWAY:
        raise
    except ConnectorError as error:
        return _unreadable(error)
    try:
        return preview(backfill.flow, raw)
    except (AttributeError, ArithmeticError) as error:  # raw is theirs, and may be odd
        return _unreadable(error)


def _unreadable(error: Exception) -> Preview:
    return Preview(problems=[str(error)], outcome=came_to(error, "read"))
