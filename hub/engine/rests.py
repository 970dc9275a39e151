"""Payments of which the books hold less than the source says, where a person wants the rest recorded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hub.accounting.rests import with_rest
from hub.engine import journal
from hub.engine.context import Run
from hub.engine.still_there import still_there
from hub.models import Posting


def follow(run: Run) -> None:
    """What stands in the books is taken as it stands, as the person saw it; the rest is a payment of its own."""
    for part, decided in _decided(run).items():
        posting = run.posting_of("payment", part)
        if posting and posting.state == Posting.State.DONE and posting.total != Decimal(decided["held"]):
            _take_as_it_stands(posting, decided, run)
    split(run)


def split(run: Run) -> None:
    """Makes no call: only what the journal holds so, or is about to adopt, has a rest."""
    decided = _decided(run)
    if run.wanted and decided:
        payments = [
            one
            for payment in run.wanted.payments
            for one in with_rest(payment, _held(payment.part, decided.get(payment.part), run))
        ]
        run.wanted = run.wanted.model_copy(update={"payments": tuple(payments)})


def _decided(run: Run) -> dict[str, dict[str, str]]:
    """Part of the payment → what the books held of it when the person decided, and under which id."""
    found: dict[str, dict[str, str]] = run.record.decision.get("rests", {})
    return found


def _held(part: str, decided: dict[str, Any] | None, run: Run) -> Decimal:
    if decided is None:
        return Decimal(0)
    posting, held = run.posting_of("payment", part), Decimal(decided["held"])
    return held if posting is None or posting.total == held else Decimal(0)


def _take_as_it_stands(posting: Posting, decided: dict[str, str], run: Run) -> None:
    """Changed once more since, it is somebody's to look at again."""
    remote, held = still_there(posting, run), Decimal(decided["held"])
    if remote and (remote.id, remote.total, remote.state) == (decided["id"], held, "active"):
        document = {**posting.document, "amount": decided["held"]}
        with journal.owned(posting, run):
            journal.corrected(posting, run, booked=held, total=held, document=document)
