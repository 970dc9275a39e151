"""Every state of a record and of a posting, and how it is left. The engine makes no other move; the README draws these
tables, and a test compares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.models import Posting, SyncRecord

NEW = ""
"""Not there yet."""
R, P = SyncRecord.State, Posting.State
A_CHANGE = "its source changes, or a person retries or decides"


@dataclass(frozen=True)
class Move:
    origin: str
    to: str
    when: str


RECORD = (
    Move(NEW, R.PENDING, "a notice of it, through any door"),
    Move(R.PENDING, R.WORKING, "a worker claims it"),
    Move(R.WORKING, R.WORKING, "its worker died: another takes over"),
    Move(R.WORKING, R.PENDING, "another notice came in meanwhile"),
    Move(R.WORKING, R.POSTED, "the books hold it, proven"),
    Move(R.WORKING, R.HELD, "a person must decide"),
    Move(R.WORKING, R.SKIPPED, "no sale, by rule"),
    Move(R.WORKING, R.WAITING, "it will come by itself"),
    Move(R.WORKING, R.FAILED, "refused, or its workers died of it"),
    Move(R.WAITING, R.WORKING, "its time has come"),
    Move(R.POSTED, R.WORKING, "a write-back comes again"),
    Move(R.WAITING, R.PENDING, A_CHANGE),
    Move(R.POSTED, R.PENDING, A_CHANGE),
    Move(R.HELD, R.PENDING, A_CHANGE),
    Move(R.SKIPPED, R.PENDING, A_CHANGE),
    Move(R.FAILED, R.PENDING, A_CHANGE),
)
POSTING = (
    Move(NEW, P.INTENDED, "it is about to be made"),
    Move(NEW, P.SENT, "nothing to look for: written down, then sent"),
    Move(P.INTENDED, P.SENT, "written down, then sent"),
    Move(P.INTENDED, P.CREATED, "found in the books, or linked"),
    Move(P.SENT, P.CREATED, "answered, or found by looking"),
    Move(P.SENT, P.INTENDED, "refused, or not found twice"),
    Move(P.SENT, P.DONE, "answered, and nothing to prove"),
    Move(P.CREATED, P.DONE, "amounts proven, draft made final"),
    Move(P.CREATED, P.INTENDED, "its draft is deleted in the books, or another is linked"),
    Move(P.DONE, P.INTENDED, "it is gone from the books"),
    Move(P.CREATED, P.VOIDED, "its order was canceled: the draft is deleted"),
    Move(P.DONE, P.VOIDED, "its order was canceled: the draft is deleted"),
)
UNENDED = (R.PENDING, R.WORKING)
"""Where a record is while no attempt at it has ended."""


def origins(moves: Iterable[Move], to: str) -> list[str]:
    """From where one may come to this state."""
    return [move.origin for move in moves if move.to == to]


def targets(moves: Iterable[Move], origin: str) -> list[str]:
    return [move.to for move in moves if move.origin == origin]


def ends() -> list[str]:
    """What an attempt may come to."""
    return [state for state in targets(RECORD, R.WORKING) if state not in UNENDED]


def drawn(moves: Iterable[Move]) -> str:
    """As a Mermaid diagram."""
    lines = [f"    {move.origin or '[*]'} --> {move.to}: {move.when}" for move in moves]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
