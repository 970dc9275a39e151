"""A month is being closed in the very moment in which a worker posts into it: one of the two waits for the other."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from connectors.base import Notice
from hub.books.closing import close
from hub.books.lock_dates import Refused, move
from hub.books.months import Month
from hub.intake.inbox import accept
from hub.models import ClosedMonth, Event, Posting, SyncRecord
from tests.admin import town
from tests.books.ledger_of_march import on
from tests.hub.world import World

MARCH = Month.of(dt.date(2026, 3, 1))
A_MOMENT, LONG_ENOUGH = 1.0, 5.0
"""Seconds: for somebody who waits, and for a worker to come as far as its first document."""


def meanwhile(work: Callable[[], object], pool: ThreadPoolExecutor, seconds: float) -> Future[None]:
    """In a thread, inside of a transaction that ends so many seconds later. Returns when the work is done and not committed."""
    done = Signal()

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                time.sleep(seconds)
        finally:
            done.set()
            connection.close()

    future = pool.submit(run)
    done.wait(30)
    return future


def test_closing_waits_for_what_is_being_written_down_and_sees_it(transactional_db: None) -> None:
    flow = town.flow(town.store(), town.books())
    move(flow.target, dt.date(2026, 2, 28), "ada", "")
    late = on(town.posted(flow, 21), dt.date(2026, 2, 3), posted=dt.date(2026, 3, 1))
    SyncRecord.objects.filter(pk=late.pk).update(state="working")
    invoice = Posting.objects.filter(record=late, resource="invoice")
    Posting.objects.filter(record=late).exclude(resource="invoice").delete()
    invoice.update(state="intended", date=None)

    def a_worker() -> None:
        invoice.update(state="sent", date=dt.date(2026, 3, 1))

    with ThreadPoolExecutor(1) as pool:
        posting = meanwhile(a_worker, pool, A_MOMENT)
        with pytest.raises(Refused, match="being posted or looked for right now"):
            close(flow.target, MARCH, "ada")
        posting.result()
    assert not ClosedMonth.objects.exists()


def test_a_worker_waits_for_closing_and_takes_an_open_date(world: World) -> None:
    world.store.trade(orders=2, seed=5, day="2026-03-31")
    world.sync()
    known = set(SyncRecord.objects.values_list("pk", flat=True))
    [new] = world.store.trade(orders=1, seed=7, day="2026-03-31")
    ids = {world.number(order): world.id(order) for order in world.store.expectations()}
    accept(world.source, Notice("order", ids[world.number(new)]), door=Event.Door.WEBHOOK)
    with ThreadPoolExecutor(1) as pool:
        closing = meanwhile(lambda: close(world.target, MARCH, "ada"), pool, LONG_ENOUGH)
        world.work()
        closing.result()
    dated = Posting.objects.filter(date__isnull=False).exclude(record__in=known)
    assert dated.exists()
    assert set(dated.values_list("date", flat=True)) == {dt.date(2026, 4, 1)}
    assert ClosedMonth.objects.count() == 1
