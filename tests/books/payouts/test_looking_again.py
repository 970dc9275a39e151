"""Open rows find the orders that were posted after their file, by themselves."""

from __future__ import annotations

import datetime as dt
import math

from django.utils import timezone

from connectors.models import Connection
from hub import tasks
from hub.books.payouts.again import look_again_daily
from hub.models import Deposit
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell
from tests.books.payouts.files import taken_in

DAY = dt.timedelta(days=1)


def open_rows() -> int:
    return Deposit.objects.get().unexplained_rows


def of_yesterday(books: Connection) -> None:
    taken_in(books, files.STRIPE)
    Deposit.objects.update(date=timezone.localdate() - DAY)


def test_an_order_that_is_posted_after_its_file_is_found_by_itself_once_a_day(books: Connection, sell: Sell) -> None:
    of_yesterday(books)
    assert open_rows() == 3 and look_again_daily(math.inf) == 1
    sell("1002", "50.00", "ch_2")
    assert look_again_daily(math.inf) == 0 and open_rows() == 3
    Deposit.objects.update(looked_at=timezone.now() - DAY)
    assert look_again_daily(math.inf) == 1 and open_rows() == 2


def test_the_nightly_count_looks_again(books: Connection) -> None:
    of_yesterday(books)
    tasks.count_tonight()
    assert Deposit.objects.get().looked_at


def test_what_is_old_or_explained_is_not_looked_at(books: Connection, sell: Sell) -> None:
    of_yesterday(books)
    Deposit.objects.update(date=timezone.localdate() - 100 * DAY)
    assert look_again_daily(math.inf) == 0
    Deposit.objects.update(date=timezone.localdate(), unexplained_rows=0)
    assert look_again_daily(math.inf) == 0
