"""A file's round: whoever has the turn takes it through its stages for a while, and says why where it cannot go on."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import Any

from hub import queue
from hub.books.payouts import matching, taking_in
from hub.books.payouts.arriving import State
from hub.books.payouts.checking import OutOfTime, check
from hub.books.payouts.faults import Unclear, Unreadable
from hub.books.payouts.fees import post_due
from hub.books.payouts.grouping import group, reckon, touched
from hub.books.payouts.layout import Layout
from hub.books.payouts.turns import FileTurn, due_files
from hub.books.payouts.whole import fall_due
from hub.engine import clock
from hub.engine.outcomes import backoff
from hub.errors import TurnLost
from hub.intake.turns import Turn
from hub.models import PayoutFile

logger = logging.getLogger(__name__)
ROUND_SECONDS = 5.0
"""For each drain: records are waiting too."""
Stage = PayoutFile.Stage


class Refused(Exception):
    """The file is not taken in: each of its faults is told."""

    def __init__(self, faults: list[Unreadable]) -> None:
        super().__init__(str(faults[0]))
        self.faults = faults


def advance_due(seconds: float = ROUND_SECONDS) -> int:
    """One round for each file whose time has come, and the fees of the deposits that are due. Returns how many moved."""
    deadline = time.monotonic() + seconds
    return sum(advance(file, deadline) for file in due_files()) + post_due(deadline)


def advance(file: PayoutFile, deadline: float) -> bool:
    """False if another worker has the turn."""
    turn = FileTurn.take(file)
    if turn is None:
        return False
    try:
        _round(turn, deadline)
    except TurnLost:
        logger.info("%s was stopped or taken over", file)
    except OutOfTime:
        turn.end(problem="", failures=0)
        queue.ring()
    except Unclear as error:
        turn.end(state=State.ASKS, problem=f"{error}.", problems=[{"column": error.column, "value": error.value}])
    except (Refused, Unreadable) as error:
        faults = error.faults if isinstance(error, Refused) else [error]
        with suppress(TurnLost):
            _end(turn, State.REFUSED, problems=[one.told() for one in faults])
    except Exception as error:
        logger.exception("%s cannot go on", file)
        turn.end(backoff(file.failures), problem=str(error) or type(error).__name__, failures=file.failures + 1)
    return True


def _round(turn: Turn[PayoutFile], deadline: float) -> None:
    file, layout = turn.row, Layout.model_validate(turn.row.layout)
    if file.stage == Stage.CHECK:
        checked = check(turn, layout, deadline)
        if checked.faults:
            raise Refused(checked.faults)
        counted = {"rows": checked.rows, "left_out": dict(checked.left_out), "checked": {}}
        turn.note(stage=Stage.TAKE_IN, reached=0, **counted)
    if file.stage == Stage.TAKE_IN:
        taking_in.take_in(turn, layout, deadline)
        turn.note(stage=Stage.GROUP, reached=0)
    if file.stage == Stage.GROUP:
        with turn.writing(stage=Stage.MATCH, reached=0):
            group(file, layout)
    matching.match(turn, deadline)
    reckon(touched(file))
    fall_due(file.books, file.gateway)
    _end(turn, State.DONE, problem="", failures=0)
    queue.ring()


def _end(turn: Turn[PayoutFile], state: PayoutFile.State, **values: Any) -> None:
    """Its content is not needed any more. Raises TurnLost."""
    with turn.writing(state=state, ended_at=clock.now(), **values):
        turn.row.blocks.all().delete()
