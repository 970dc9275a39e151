"""When the books' vendor allows no more calls for now: what is most urgent goes first in its next window, and its word
to wait holds for every process."""

from __future__ import annotations

import time
from typing import Any

import pytest

from connectors import budget
from connectors.models import Connection
from hub.engine.drain import drain
from hub.intake.waking import BACKFILL, LIVE
from hub.models import SyncRecord
from tests.hub.world import World

LIMIT = 12
"""POSTs, which are those of about four orders."""
THREADS = 4
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(make_world: Any) -> World:
    made: World = make_world()
    made.books.switch["rate_limit_write"] = LIMIT
    return made


def test_a_live_order_overtakes_a_backfill_that_waits_for_the_next_window(world: World) -> None:
    world.books.switch["rate_window"] = 4
    place(world, 24)
    drain(threads=THREADS)
    old = set(SyncRecord.objects.values_list("pk", flat=True))
    assert SyncRecord.objects.filter(state="pending").count() > THREADS
    place(world, 1)
    new = SyncRecord.objects.exclude(pk__in=old)
    new.update(priority=LIVE)
    live, earlier = new.get(), numbers(world)
    until_posted(live)
    live.refresh_from_db()
    since = [number for number in numbers(world) if number not in earlier]
    assert since.index(live.number) < THREADS, (
        "only those that were begun before it, or taken up with it, may come first"
    )


def test_while_nothing_is_allowed_nothing_is_asked(world: World) -> None:
    place(world, 10)
    drain(threads=THREADS)
    calls = len(world.books.log)
    for _ in range(20):
        drain(threads=THREADS)
    assert len(world.books.log) == calls
    assert SyncRecord.objects.filter(state="pending").exists()


def test_a_refusal_told_to_one_process_holds_for_all(world: World) -> None:
    world.books.switch["rate_window"] = 0
    place(world, 6)
    world.fault(kind="status", status=429, headers={"Retry-After": "3"}, path="/accounting/", times=-1)
    drain(threads=1)
    refused = [status for _, _, status in world.books.log].count(429)
    budget._processes.clear()  # another process, which has heard of nothing
    drain(threads=THREADS)
    assert [status for _, _, status in world.books.log].count(429) == refused == 1
    world.books.faults.clear()
    began = time.monotonic()
    until_posted(*SyncRecord.objects.all())
    assert time.monotonic() - began > 1
    assert Connection.objects.get(name="books").state == Connection.State.OK


def place(world: World, orders: int) -> None:
    """They come in as history."""
    for seed in range(orders):
        world.place(kind="simple", seed=seed)
    world.poll()
    SyncRecord.objects.update(priority=BACKFILL)


def numbers(world: World) -> list[str]:
    """Of the invoices, oldest first."""
    return [invoice["invoice_number"] for invoice in sorted(world.invoices, key=lambda invoice: int(invoice["id"]))]


def until_posted(*records: SyncRecord) -> None:
    deadline = time.monotonic() + 60
    wanted = SyncRecord.objects.filter(pk__in=[record.pk for record in records])
    while wanted.exclude(state="posted").exists():
        assert time.monotonic() < deadline, [*SyncRecord.objects.values_list("state", "message")]
        drain(threads=THREADS)
        time.sleep(0.05)
