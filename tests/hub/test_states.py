"""The tables of states: what the README draws is what the engine does."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.engine import journal
from hub.engine.claim import LeaseLost, claim
from hub.engine.context import opened
from hub.engine.outcomes import Outcome
from hub.engine.states import POSTING, RECORD, drawn, targets
from hub.models import Posting, SyncRecord
from tests.hub.world import World

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.parametrize("moves", [RECORD, POSTING], ids=["records", "postings"])
def test_the_readme_draws_the_table(moves: tuple[object, ...]) -> None:
    assert drawn(moves) in README.read_text()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moves", "states", "ends"), [(RECORD, SyncRecord.State, set()), (POSTING, Posting.State, {Posting.State.VOIDED})]
)
def test_every_state_can_be_reached_and_left(moves: tuple[object, ...], states: type, ends: set[str]) -> None:
    """But for a document that was taken back: it never returns."""
    assert {move.to for move in moves} == set(states)  # type: ignore[attr-defined]
    final = {state for state in states if not targets(moves, state)}  # type: ignore[attr-defined, arg-type]
    assert final == ends


def test_an_attempt_ends_in_no_other_state() -> None:
    with pytest.raises(ValueError, match="pending"):
        Outcome("pending")


def test_a_posting_makes_no_other_move(world: World) -> None:
    """What was only intended has no amount that could be proven."""
    world.place(kind="simple")
    world.poll()
    run = opened(claim()[0])
    posting = Posting.objects.create(
        target=world.target, resource="invoice", natural_key="1", record=run.record, document={}, owner=run.claim.owner
    )
    with pytest.raises(LeaseLost):
        journal.done(posting, run)
    posting.refresh_from_db()
    assert posting.state == Posting.State.INTENDED
