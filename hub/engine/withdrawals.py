"""What the source took back after it was booked: a refund that was canceled or made smaller, a payment that was voided.
The hub deletes nothing that is final: a person deletes it in the books, and the hub sees that; or keeps it, with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.documents import ZERO, Order, Refund
from hub.accounting.amounts import plain
from hub.accounting.parts import undivided
from hub.engine import again, choices, deciding, journal
from hub.engine.context import Run
from hub.errors import Held
from hub.models import Posting

State = Posting.State
WAYS = (
    "If that is right, delete the {what} in the books, then try again here: the hub sees that it is gone, and goes on. "
    "If the money moved all the same, keep it, with a reason."
)


def follow(run: Run) -> None:
    """What is gone from the books is forgotten, and what the order wants is worked out anew. Raises Held for what stands
    there still."""
    for posting in _withdrawn(run):
        _settle(posting, run)
    gone = [posting for posting in standing(run) if again.is_gone(posting, run)]
    for posting in gone:
        run.deleted.add(posting.remote_id)
        with journal.owned(posting, run):
            journal.forgotten(posting, run, total=None, booked=None)
        run.effect(posting.step, did="forget", document=posting.natural_key)
    if gone:
        deciding.decide(run)
    left = standing(run)
    if left:
        raise _held(left[0], run)


def standing(run: Run) -> list[Posting]:
    """What the books hold against the source's word, without what a person keeps. Makes no call."""
    return [posting for posting in _withdrawn(run) if not choices.is_kept(posting, run.record)]


def _withdrawn(run: Run) -> list[Posting]:
    taken = {(one.resource, one.part) for one in run.wanted.withdrawn} if run.wanted else set()
    there = (one for one in run.postings if one.state in (State.CREATED, State.DONE))
    return [one for one in there if (one.resource, undivided(one.part)) in taken]


def _settle(posting: Posting, run: Run) -> None:
    """What a worker died at is not finished any more."""
    if posting.state == State.CREATED:
        with journal.owned(posting, run):
            journal.done(posting, run)


def _held(posting: Posting, run: Run) -> Held:
    run.step = posting.step
    reason, what, taken = _said(posting, run)
    stands = f"{what} {posting.natural_key} over {plain(posting.total or ZERO)} {posting.currency} still stands"
    return Held(
        reason,
        f"The store took back {taken}; in the books, {stands}",
        posting=choices.key(posting),
        id=posting.remote_id,
        remedy=WAYS.format(what=what),
    )


def _said(posting: Posting, run: Run) -> tuple[str, str, str]:
    if posting.resource == "payment":
        return "payment_withdrawn", "payment", "a payment of this order"
    refund = f"refund {posting.origin.get('refund', posting.part)}"
    left = next((one for one in _refunds(run) if one.id == posting.part), None)
    taken = f"a part of {refund}, of which {plain(left.total)} {left.currency} is left" if left else refund
    return "refund_withdrawn", "credit note", taken


def _refunds(run: Run) -> Sequence[Refund]:
    return run.document.refunds if isinstance(run.document, Order) else ()
