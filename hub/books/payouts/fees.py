"""The fees of a deposit as an expense in the books, where its file's settings say so: once, and never on a closed day."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db.models import Q

from connectors.errors import AWAY, ConnectorError, RateLimited
from connectors.models import Connection
from connectors.vault import connect
from hub import queue
from hub.accounting.amounts import in_minor_units
from hub.books.payouts.expenses import Deleted, bring_in_line, expenses_of, standing
from hub.books.payouts.grouping import touched
from hub.books.payouts.turns import FeesTurn, due_fees
from hub.books.payouts.whole import fall_due
from hub.engine import clock
from hub.engine.apart import void
from hub.engine.outcomes import backoff
from hub.errors import Held, NotYet, TurnLost
from hub.models import Deposit, PayoutFile, Posting

logger = logging.getLogger(__name__)
Fees = Deposit.Fees
ZERO = Decimal(0)


def can_be_posted(books: Connection) -> bool:
    """Whether these books take expenses, and know under which category."""
    return connect(books).capabilities().expenses


def ask(deposit: Deposit) -> bool:
    """A person wants them posted, tried again, or compared with what the books hold now. False where there is nothing to
    post, or somebody is at it."""
    paid = Deposit.objects.filter(pk=deposit.pk).exclude(payout="").exclude(fees_state=Fees.DUE)
    wanted = paid.filter(Q(fees__gt=0) | ~Q(fees_state=Fees.OFF))
    asked = wanted.update(post_fees=True, fees_state=Fees.DUE, fees_problem="", failures=0, next_at=clock.now())
    if asked:
        queue.ring()
    return bool(asked)


def choose(file: PayoutFile) -> None:
    """Those of every deposit of a file that was taken in without: each as soon as it is whole."""
    PayoutFile.objects.filter(pk=file.pk).update(post_fees=True)
    Deposit.objects.filter(pk__in=touched(file)).exclude(payout="").update(post_fees=True)
    if fall_due(file.books, file.gateway):
        queue.ring()


def post_due(deadline: float) -> int:
    """Returns how many deposits were worked on."""
    worked = 0
    for deposit in due_fees():
        if time.monotonic() > deadline:
            queue.ring()
            break
        worked += post(deposit)
    return worked


def post(deposit: Deposit) -> bool:
    """False if another worker has the turn. What stands in the way is written down."""
    turn = FeesTurn.take(deposit)
    if turn is None:
        return False
    try:
        there = bring_in_line(deposit, turn.note)
    except TurnLost:
        logger.info("the fees of %s were taken over", deposit)
    except NotYet as error:
        turn.end(error.after or 0, fees_problem=str(error))
    except RateLimited as error:
        turn.end(error.wait, fees_problem=str(error))
    except AWAY as error:
        turn.end(backoff(deposit.failures), fees_problem=str(error), failures=deposit.failures + 1)
    except Deleted as error:
        _note_deleted(turn, error)
    except (Held, ConnectorError) as error:
        turn.end(fees_state=Fees.STUCK, fees_problem=_told(error), **_in_books(expenses_of([deposit])[deposit.pk]))
    else:
        stand = _in_books(there)
        turn.end(fees_state=Fees.POSTED if stand["expense"] else Fees.OFF, fees_problem="", **stand)
        if fall_due(deposit.books, deposit.gateway):  # a file has told of more meanwhile
            queue.ring()
    return True


def differs(deposit: Deposit) -> bool:
    """Another file told of more fees, or one that told of some was taken back."""
    return deposit.fees_state == Fees.POSTED and posted(deposit) != in_minor_units(deposit.fees, deposit.currency)


def posted(deposit: Deposit) -> Decimal:
    """What the books hold of them. An earlier version of the hub did not count it: there was but one expense."""
    return deposit.in_books or (deposit.expense and deposit.expense.total) or ZERO


def _note_deleted(turn: FeesTurn, error: Deleted) -> None:
    """With one commit: from then on they are made anew, if a person wants it, and not before."""
    stand, deposit = _in_books(error.left), turn.row
    if stand["in_books"] == in_minor_units(deposit.fees, deposit.currency):
        told = {"fees_state": Fees.POSTED if stand["expense"] else Fees.OFF, "fees_problem": ""}
    else:
        told = {"fees_state": Fees.STUCK, "fees_problem": _told(error)}
    with suppress(TurnLost), turn.writing(**told, **stand):
        void(error.gone)


def _in_books(postings: list[Posting]) -> dict[str, Any]:
    living = [one for one in postings if one.state == Posting.State.DONE]
    return {"expense": living[0] if living else None, "in_books": standing(living)}


def _told(error: Exception) -> str:
    remedy = error.problem.get("remedy", "") if isinstance(error, Held) else ""
    return f"{error}. {remedy}" if remedy else str(error)
