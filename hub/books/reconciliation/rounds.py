"""A reconciliation's round: whoever has the turn takes it through its stages for a while, and says why where it cannot go
on."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

from connectors.errors import AWAY, NotSearchable, RateLimited
from connectors.http import before_each_call
from hub import queue
from hub.books.reconciliation import reading, reckoning
from hub.books.reconciliation.desk import Desk, opened
from hub.books.reconciliation.turns import OutOfTime, Turn, due
from hub.engine import clock
from hub.engine.outcomes import backoff
from hub.errors import TurnLost
from hub.models import Reconciliation

logger = logging.getLogger(__name__)
ROUND_SECONDS = 5.0
"""For each drain: records are waiting too."""
Stage, State = Reconciliation.Stage, Reconciliation.State
READ = {
    Stage.SOURCE: reading.read_source,
    Stage.UNLISTED: reading.read_unlisted,
    Stage.BOOKS: reading.read_books,
    Stage.SCATTERED: reading.read_scattered,
}
"""The stages that make calls, in their order."""
OF_THE_BOOKS = (Stage.BOOKS, Stage.SCATTERED)


class CannotCompare(Exception):
    """A person has to see to it first."""


def advance_due(seconds: float = ROUND_SECONDS) -> int:
    """One round for each whose time has come. Returns how many moved on."""
    deadline = time.monotonic() + seconds
    return sum(advance(run, deadline) for run in due())


def advance(run: Reconciliation, deadline: float) -> bool:
    """False if another worker has the turn. Never raises what the other sides did: that is written down."""
    turn = Turn.take(run)
    if turn is None:
        return False
    try:
        with before_each_call(turn.keep):
            _round(turn, deadline)
    except TurnLost:
        logger.info("%s was stopped or taken over", run)
    except OutOfTime:
        turn.end(problem="", failures=0)
        queue.ring()
    except RateLimited as error:
        turn.end(error.wait, problem=str(error))
    except AWAY as error:
        turn.end(backoff(run.failures), problem=str(error), failures=run.failures + 1)
    except CannotCompare as error:
        _halt(turn, str(error))
    except Exception as error:
        logger.exception("%s cannot go on", run)
        _halt(turn, str(error) or type(error).__name__)
    return True


def _round(turn: Turn, deadline: float) -> None:
    run, desk = turn.row, opened(turn.row.flow)
    _note_what_cannot_be_listed(turn, desk)
    for stage, following in zip(READ, [*list(READ)[1:], Stage.COMPARE], strict=True):
        if run.stage != stage:
            continue
        if stage not in OF_THE_BOOKS or not desk.unlisted:
            _read(stage, turn, desk, deadline)
        turn.note(stage=following, reached=run.start, after=0)
    reckoning.reckon(turn, desk, deadline)


def _read(stage: Reconciliation.Stage, turn: Turn, desk: Desk, deadline: float) -> None:
    """Raises OutOfTime. Books that cannot prove that they have shown everything are not compared at all."""
    try:
        READ[stage](turn, desk, deadline)
    except NotSearchable as error:
        raise CannotCompare(f"The books cannot be compared: {error}") from error


def _halt(turn: Turn, problem: str) -> None:
    """Only a person can help it on: what was read is old by then."""
    with suppress(TurnLost), turn.writing(state=State.STOPPED, problem=problem, ended_at=clock.now()):
        turn.row.sightings.all().delete()


def _note_what_cannot_be_listed(turn: Turn, desk: Desk) -> None:
    if desk.unlisted and not turn.row.remark:
        names = ", ".join(f"{name.replace('_', ' ')}s" for name in desk.unlisted)
        what = f"{desk.flow.target} cannot list its {names} by date, so that only source and hub were compared"
        turn.note(remark=what)
