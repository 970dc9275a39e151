"""Four workers as an operator starts them share a backlog on PostgreSQL: each order once, also when they are killed, and
faster than one. `CHAOS_ORDERS=2000` makes it the size of a busy day; run with -s to see the figures."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from hub.books.agreement import agreement
from hub.engine.drain import drain
from hub.models import Attempt, SyncRecord
from hub.supervisor.child import Child
from hub.supervisor.household import MANAGE
from tests.bench.trade import Trade, open_trade
from tests.chaos.processes import environment
from tests.running.installation import until
from tests.running.processes import family

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite serves one machine"),
]
ORDERS = int(os.environ.get("CHAOS_ORDERS", "120"))
LATENCY = float(os.environ.get("CHAOS_LATENCY", "0.1"))
"""Seconds for each call: one worker of two threads waits for most of its time, so that four can be faster on two cores."""
FAMILY = 6
"""The supervisor, the cluster's main process and sentinel, one worker, the monitor and the pusher."""
UNIQUE = {
    "invoices": lambda invoice: invoice["invoice_number"],
    "payments": lambda payment: payment["note"].rpartition("[")[2],
    "clients": lambda client: client["email"].lower(),
    "items": lambda item: item["sku"],
}
KILLS = max(6, ORDERS // 50)
SMALL = {"COUNTINGHOUSE_WORKERS": "1", "COUNTINGHOUSE_THREADS": "2"}


@pytest.fixture
def trade() -> Iterator[Trade]:
    with open_trade() as made:
        yield made
    connection.close()


def test_four_share_what_is_due_and_are_faster_than_one(trade: Trade) -> None:
    for end in (trade.store, trade.books):
        end.delay(LATENCY)
    one = orders_per_second(trade, ORDERS // 5, workers=1)
    four = orders_per_second(trade, ORDERS, workers=4)
    print(f"\n{ORDERS} orders, {LATENCY * 1000:.0f} ms a call: one worker {one:.1f} orders/s, four {four:.1f} orders/s")
    assert_each_once(trade)
    assert four > one * 1.5


def test_killed_again_and_again_four_workers_lose_and_double_nothing(trade: Trade) -> None:
    for end in (trade.store, trade.books):
        end.delay(LATENCY)
    dice, kills = random.Random(3), Counter[str]()
    place(trade, ORDERS)
    with running(4) as workers:
        for _ in range(KILLS):
            time.sleep(dice.uniform(2, 5))
            kills[kill(workers, dice)] += 1
        wait_for_the_end()
    died = Attempt.objects.filter(outcome="died").count()
    print(f"\n{ORDERS} orders, killed {dict(kills)}, attempts that died {died}: each order once")
    assert_each_once(trade)
    assert died > 0


def orders_per_second(trade: Trade, orders: int, *, workers: int) -> float:
    """From the moment when all of them are at work."""
    with running(workers):
        place(trade, orders)
        return orders / wait_for_the_end()


def place(trade: Trade, orders: int) -> None:
    """Every second one by a customer of its own."""
    for number in range(trade.placed, trade.placed + orders):
        trade.store.ask("place", {"kind": "simple", "seed": number // 2})
    trade.placed += orders
    trade.poll()


@contextmanager
def running(number: int) -> Iterator[list[Child]]:
    """As many workers, up and listening."""
    workers = [start() for _ in range(number)]
    try:
        for worker in workers:
            until(lambda worker=worker: len(family(worker.pid)) == FAMILY, 30, "a whole worker")  # type: ignore[misc]
        yield workers
    finally:
        for worker in workers:
            worker.ask_to_stop()
        for worker in workers:
            worker.stop(10)


def start() -> Child:
    return Child([*MANAGE, "worker", "--grace", "5"], env={**environment(), **SMALL})


def kill(workers: list[Child], dice: random.Random) -> str:
    """A whole worker, which somebody then starts again; or one process of it, for its supervisor to see."""
    number = dice.randrange(len(workers))
    victims = family(workers[number].pid)[1:]
    if dice.random() < 0.5 and victims:
        os.kill(dice.choice(victims), signal.SIGKILL)
        return "process"
    workers[number].kill()
    workers[number] = start()
    return "worker"


def unfinished() -> int:
    return SyncRecord.objects.exclude(state=SyncRecord.State.POSTED).count()


def wait_for_the_end() -> float:
    """Seconds until every record is posted."""
    return until(lambda: not unfinished(), 60 + ORDERS, "the last record")


def assert_each_once(trade: Trade) -> None:
    """Also after the workers' own poll, which tells of the newest orders again, was answered."""
    for end in (trade.store, trade.books):
        end.delay(0)
    drain()
    trade.require_all_posted()
    books = trade.books.ask("state")
    for name, key in UNIQUE.items():
        values = [key(row) for row in books[name] if row["vis_state"] == 0]
        assert len(values) == len(set(values)), Counter(values).most_common(3)
    assert len(books["invoices"]) == trade.placed
    assert {invoice["outstanding"]["amount"] for invoice in books["invoices"]} == {"0.00"}
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    assert agreement(days[0], days[-1]).agree
