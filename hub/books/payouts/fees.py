"""The fees of a deposit as one expense in the books, where its file's settings say so: once, and never on a closed day."""

from __future__ import annotations

import logging
import time

from connectors.documents import Expense
from connectors.errors import AWAY, ConnectorError, RateLimited
from connectors.models import Connection
from connectors.vault import connect
from hub import queue
from hub.accounting.amounts import in_minor_units
from hub.accounting.dates import Calendar
from hub.books.payouts.turns import FeesTurn, due_fees
from hub.engine import apart, clock
from hub.engine.outcomes import backoff
from hub.errors import Held, NotYet
from hub.intake.turns import TurnLost
from hub.models import Deposit, Posting

logger = logging.getLogger(__name__)
EXPENSE = "expense"
Fees = Deposit.Fees


def can_be_posted(books: Connection) -> bool:
    """Whether these books take expenses, and know under which category."""
    return connect(books).capabilities().expenses


def ask(deposit: Deposit) -> bool:
    """A person wants them posted, or tried again. False where there is nothing to post, or it is done."""
    now = clock.now()
    waiting = Deposit.objects.filter(pk=deposit.pk, fees_state__in=(Fees.OFF, Fees.STUCK), fees__gt=0).exclude(
        payout=""
    )
    asked = waiting.update(post_fees=True, fees_state=Fees.DUE, fees_problem="", failures=0, next_at=now)
    if asked:
        queue.ring()
    return bool(asked)


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
        posting = apart.ensure(_errand(deposit))
    except TurnLost:
        logger.info("the fees of %s were taken over", deposit)
    except NotYet as error:
        turn.end(error.after or 0, fees_problem=str(error))
    except RateLimited as error:
        turn.end(error.wait, fees_problem=str(error))
    except AWAY as error:
        turn.end(backoff(deposit.failures), fees_problem=str(error), failures=deposit.failures + 1)
    except (Held, ConnectorError) as error:
        turn.end(fees_state=Fees.STUCK, fees_problem=str(error))
    else:
        turn.end(fees_state=Fees.POSTED, fees_problem="", expense=posting)
    return True


def differs(deposit: Deposit) -> bool:
    """A later file told of more fees than were posted."""
    expense: Posting | None = deposit.expense
    return expense is not None and expense.total != deposit.fees


def _errand(deposit: Deposit) -> apart.Errand:
    books = Connection.objects.get(pk=deposit.books_id)
    date, late = Calendar(books.lock_date).open(deposit.date)
    return apart.Errand(books, EXPENSE, _expense(deposit, date, late), deposit.date)


def _expense(deposit: Deposit, date: object, late: str) -> Expense:
    """The mark at the end of the note tells it again, as that of a payment does."""
    key = "/".join((deposit.gateway, deposit.payout, deposit.currency)).replace("[", "(").replace("]", ")")
    words = [f"Fees of {deposit.gateway}, payout {deposit.payout}.", late.replace("in the store", "at the gateway")]
    return Expense(
        amount=in_minor_units(deposit.fees, deposit.currency),
        currency=deposit.currency,
        date=date,
        vendor=deposit.gateway,
        note=" ".join(filter(None, (*words, f"[{key}]"))),
    )
