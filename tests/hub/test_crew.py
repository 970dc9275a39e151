"""The threads of one drain: who comes late, who finds more to do, and who is the last to leave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, current_thread, main_thread

import pytest

from connectors import http
from hub.engine.drain import drain
from hub.models import SyncRecord
from tests.hub.world import World

SLOW = 1.5
"""Seconds, after which the caller's own thread is done."""
MORE = 3


@pytest.fixture
def more_comes_late(world: World) -> Iterator[None]:
    """While a second thread is busy and the first one has nothing left to do, more orders are placed."""
    world.books.switch["rate_window"] = 0
    both_at_work = Event()

    def place_more(method: str, url: str) -> None:
        if not url.startswith(world.books.url):
            return
        if current_thread() is main_thread():
            both_at_work.wait(10)
        elif not both_at_work.is_set():
            both_at_work.set()
            time.sleep(SLOW)
            for _ in range(MORE):
                world.place(kind="simple")
            world.poll()

    http.before_send.append(place_more)
    yield
    http.before_send.remove(place_more)


def test_a_thread_that_finds_more_calls_others_although_the_first_is_done(world: World, more_comes_late: None) -> None:
    for _ in range(2):
        world.place(kind="simple")
    world.poll()
    drain(threads=2)
    drain(threads=2)  # what was in another's hands, such as a client of both
    world.work()
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"posted"}
    assert SyncRecord.objects.count() == 2 + MORE


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (3, 5)])
def test_whoever_is_killed_leaves_at_most_the_next_one_of_each_other_thread(
    world: World, threads: int, most: int
) -> None:
    """Claimed and not begun: they are tried again only when the lease is over. One thread alone leaves none."""
    claimed: list[int] = []

    def count(method: str, url: str) -> None:
        if current_thread() is main_thread():
            claimed.append(SyncRecord.objects.filter(state="working").count())

    for _ in range(4 * threads):
        world.place(kind="simple")
    world.poll()
    http.before_send.append(count)
    drain(threads=threads)
    http.before_send.remove(count)
    assert threads <= max(claimed) <= most


@pytest.mark.parametrize("threads", [1, 2])
def test_once_it_is_to_stop_only_what_was_claimed_is_worked_on(world: World, threads: int) -> None:
    for _ in range(10):
        world.place(kind="simple")
    world.poll()
    made = drain(threads=threads, stopping=lambda: SyncRecord.objects.filter(state="posted").exists())
    assert 1 <= made <= 2 * threads + 1
    assert not SyncRecord.objects.filter(state="working").exists()
    assert SyncRecord.objects.filter(state="pending").count() == 10 - made
