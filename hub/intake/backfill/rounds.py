"""A backfill's round: whoever has the turn previews or feeds for a while, and says why where it cannot go on."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import Any

from connectors.errors import AWAY, RateLimited
from connectors.vault import connect
from hub import queue
from hub.engine.calling import calling
from hub.engine.outcomes import backoff
from hub.errors import TurnLost
from hub.intake.backfill.asking import not_begun
from hub.intake.backfill.feeding import feed
from hub.intake.backfill.looking import look
from hub.intake.backfill.turns import Turn, due
from hub.models import Backfill

logger = logging.getLogger(__name__)
ROUND_SECONDS = 5.0
"""For each drain: records are waiting too."""
HALTED = {Backfill.State.PREVIEWING: Backfill.State.STOPPED, Backfill.State.RUNNING: Backfill.State.PAUSED}
"""What becomes of one that only a person can help on."""


def advance_due(seconds: float = ROUND_SECONDS) -> int:
    """One round for each whose time has come. Returns how many moved on."""
    deadline = time.monotonic() + seconds
    return sum(advance(backfill, deadline) for backfill in due())


def advance(backfill: Backfill, deadline: float) -> bool:
    """False if another worker has the turn. Never raises what the source did: that is written on the backfill."""
    turn = Turn.take(backfill)
    if turn is None:
        return False
    try:
        _round(turn, deadline)
    except TurnLost:
        logger.info("%s was paused, stopped or taken over", backfill)
    except RateLimited as error:
        turn.end(error.wait, problem=str(error))
    except AWAY as error:
        turn.end(backoff(backfill.failures), problem=str(error), failures=backfill.failures + 1)
    except Exception as error:
        logger.exception("%s cannot go on", backfill)
        _halt(turn, str(error) or type(error).__name__)
    else:
        turn.end(problem="", failures=0)
        queue.ring()
    return True


def _round(turn: Turn, deadline: float) -> None:
    flow = turn.row.flow
    work: Any = look if turn.state == Backfill.State.PREVIEWING else feed
    with calling(flow.source):
        work(turn, connect(flow.source).resource(flow.source_resource), deadline)


def _halt(turn: Turn, problem: str) -> None:
    """As a person's pause does: what has not begun rests."""
    with suppress(TurnLost), turn.writing(state=HALTED[turn.state], problem=problem):
        not_begun(turn.row).update(due_at=None)
