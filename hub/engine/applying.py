"""Which of an order's credit notes pay its invoices, by what the books hold of that already."""

from __future__ import annotations

from decimal import Decimal

from hub.accounting.applying import applications
from hub.accounting.dates import Calendar
from hub.accounting.wanted import Wanted
from hub.engine import choices
from hub.engine.context import Run
from hub.models import Posting


def follow(run: Run) -> None:
    """What the order wants includes it, where these books can; nothing of a credit note that a person left out."""
    if run.wanted and run.policy.apply_credits == "on" and run.target.capabilities().apply_credits:
        calendar = Calendar(run.flow.target.lock_date)
        wanted = applications(_kept(run.wanted, run), calendar, _applied(run))
        run.wanted = run.wanted.model_copy(update={"applications": wanted})


def _kept(wanted: Wanted, run: Run) -> Wanted:
    def kept(part: str) -> bool:
        return choices.chosen(run.record, choices.key_of("credit_note", part)) != choices.LEAVE_OUT

    return wanted.model_copy(
        update={
            "corrections": tuple(one for one in wanted.corrections if kept(one.part)),
            "credits": tuple(one for one in wanted.credits if kept(one.part)),
        }
    )


def _applied(run: Run) -> dict[str, Decimal]:
    gone = (one for one in run.postings if one.resource == "payment" and one.state != Posting.State.INTENDED)
    return {one.part: one.total for one in gone if one.total is not None}
