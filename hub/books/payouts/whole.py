"""Whether every row of a payout is known, so that its fees are all of them: only then they are posted by themselves."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, QuerySet

from connectors.models import Connection
from hub.accounting.amounts import in_minor_units
from hub.books.payouts.grouping import sums_of
from hub.engine import clock
from hub.models import Deposit

Fees = Deposit.Fees
ZERO = Decimal(0)


def fall_due(books: Connection, gateway: str) -> int:
    """Of the gateway's deposits those whose fees are wanted, are more than the books hold, and are known to be all. A file
    may complete a payout of an earlier one. Returns how many."""
    of_the_gateway = Deposit.objects.filter(books=books, gateway=gateway, post_fees=True)
    more = of_the_gateway.filter(fees__gt=F("in_books"), fees_state__in=(Fees.OFF, Fees.POSTED)).exclude(payout="")
    whole = [one.pk for one in more if in_minor_units(one.fees, one.currency) > one.in_books and is_whole(one)]
    return more.filter(pk__in=whole).update(fees_state=Fees.DUE, fees_problem="", failures=0, next_at=clock.now())


def is_whole(deposit: Deposit) -> bool:
    """Its rows make up what the gateway says that it paid; where it does not say, a later payout has begun: a file that
    ends within a payout cuts it."""
    if deposit.stated is not None:
        return sums_of(deposit).not_in_rows == ZERO
    return _later(deposit).exists()


def _later(deposit: Deposit) -> QuerySet[Deposit]:
    alike = Deposit.objects.filter(books=deposit.books_id, gateway=deposit.gateway, currency=deposit.currency)
    return alike.filter(date__gt=deposit.date, rows__gt=0).exclude(payout="")
