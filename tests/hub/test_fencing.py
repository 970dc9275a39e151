"""A worker that lost its lease writes nothing more, whatever it was doing; and one that is only slow keeps it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from connectors import http
from hub.engine import clock, identity, journal, run
from hub.engine.claim import Claim, claim
from hub.engine.crew import work_on
from hub.models import Attempt, Posting, SyncRecord
from tests.hub.dying import time_passes
from tests.hub.world import World
from tests.oracle import violations

Seam = Callable[[pytest.MonkeyPatch, Callable[[], None]], None]
"""Puts something before the moment where the worker stops for too long."""


def call(method: str, path: str) -> Seam:
    def before(patch: pytest.MonkeyPatch, happen: Callable[[], None]) -> None:
        hook = _hook(method, path, happen)
        patch.setattr(http, "before_send", [*http.before_send, hook])

    return before


def _hook(method: str, path: str, happen: Callable[[], None]) -> Callable[[str, str], None]:
    return lambda did, url: happen() if re.fullmatch(method, did) and path in url else None


def step(owner: object, name: str) -> Seam:
    def before(patch: pytest.MonkeyPatch, happen: Callable[[], None]) -> None:
        real = getattr(owner, name)

        def late(*args: Any, **kwargs: Any) -> Any:
            happen()
            return real(*args, **kwargs)

        patch.setattr(owner, name, late)

    return before


SEAMS: dict[str, Seam] = {
    "before reading": call("GET", "/orders/"),
    "after reading": step(identity, "remember"),
    "before the first posting": step(journal, "intended"),
    "before a client is sent": call("POST", "client"),
    "before an invoice is sent": call("POST", "invoice"),
    "before a payment is sent": call("POST", "payment"),
    "after sending, before it is written down": step(journal, "created"),
    "before a draft is made final": call("PUT", "invoice"),
    "before it is done": step(journal, "done"),
    "before the store is told": call("POST|PUT|PATCH", "/orders/"),
    "before settling": step(run, "settle"),
}


@pytest.fixture
def order(world: World) -> World:
    world.books.switch["rate_window"] = 0
    world.place(kind="simple", seed=1)
    world.poll()
    return world


@contextmanager
def stopping_at(seam: Seam, meanwhile: Callable[[], None]) -> Iterator[None]:
    """When the worker first comes there, something else happens, in another thread. It must come there."""
    reached: list[Future[None]] = []

    def happen() -> None:
        if not reached and current_thread() is main_thread():
            reached.append(pool.submit(_closing, meanwhile))
            reached[0].result()

    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        seam(patch, happen)
        yield
    assert reached, "the worker never came there"


def _closing(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def overtake(slow: Claim, work: Callable[[], None]) -> None:
    """The worker stands still for longer than its lease; another one takes over and does it all."""
    time_passes()
    slow.until = timezone.now()
    work()


def assert_done_once(world: World, slow: Claim) -> None:
    record = SyncRecord.objects.get()
    assert (record.state, record.owner) == ("posted", "")
    assert violations(world.store.expectations(), world.books.state()) == []
    assert Attempt.objects.get(owner=slow.owner).outcome == "died"
    assert not Posting.objects.exclude(state="done").exists()


@pytest.mark.parametrize("seam", SEAMS)
def test_a_worker_that_is_overtaken_changes_nothing_more(order: World, seam: str) -> None:
    [slow] = claim()
    seen: list[dict[str, Any]] = []

    def another_does_it_all() -> None:
        overtake(slow, order.work)
        seen.append(_everything(order))

    with stopping_at(SEAMS[seam], another_does_it_all):
        work_on(slow)
    assert _everything(order) == seen[0]
    assert_done_once(order, slow)


@pytest.mark.parametrize("resource", ["client", "invoice", "payment"])
def test_what_was_sent_and_not_written_down_is_found_by_the_next_worker(order: World, resource: str) -> None:
    """The late worker has an answer in hand, and may not use it."""
    [slow] = claim()

    def another_takes_over() -> None:
        if Posting.objects.filter(state="sent", resource=resource).exists():
            overtake(slow, order.work)

    def before(patch: pytest.MonkeyPatch, happen: Callable[[], None]) -> None:
        real = journal.created

        def late(posting: Posting, *args: Any, **kwargs: Any) -> None:
            if posting.resource == resource:
                happen()
            real(posting, *args, **kwargs)

        patch.setattr(journal, "created", late)

    with stopping_at(before, another_takes_over):
        work_on(slow)
    assert Posting.objects.get(resource=resource).adopted
    assert_done_once(order, slow)


def test_an_answer_that_comes_while_another_is_at_the_posting_is_not_written_down(order: World) -> None:
    """The other has not come as far: only its ownership keeps the late answer out."""
    [slow] = claim()

    def another_takes_over() -> None:
        overtake(slow, lambda: None)
        [other] = claim()
        Posting.objects.filter(state="sent").update(owner=other.owner, lease_until=other.until)

    with stopping_at(step(journal, "created"), another_takes_over):
        work_on(slow)
    posting = Posting.objects.exclude(owner="").get()
    assert (posting.state, posting.remote_id) == ("sent", "")
    time_passes()
    order.work()
    assert_done_once(order, slow)


def test_an_invoice_that_two_want_at_once_is_sent_by_one(order: World) -> None:
    """The slow one stands still for so long that the next has looked twice, and made it itself."""
    [slow] = claim()
    with stopping_at(SEAMS["before an invoice is sent"], lambda: overtake(slow, order.work)):
        work_on(slow)
    posts = [path for method, path, _ in order.books.log if method == "POST" and "invoice" in path]
    assert len(posts) == 1


def test_a_client_that_another_record_made_meanwhile_is_not_sent_again(order: World) -> None:
    """The record's own lease may be alive while that of a shared posting has been taken."""
    order.place(kind="simple", seed=1)
    order.poll()
    slow = claim()[0]

    def the_other_record_takes_the_client() -> None:
        Posting.objects.filter(resource="client").update(lease_until=clock.now())
        slow.until = timezone.now()
        for other in claim():
            work_on(other)
        order.work()

    with stopping_at(SEAMS["before a client is sent"], the_other_record_takes_the_client):
        work_on(slow)
    emails = [client["email"].lower() for client in order.clients]
    assert len(emails) == len(set(emails)) == 1


# --- slow, but alive ---


@pytest.fixture
def slow_minutes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dt.timedelta]]:
    """Each call takes ten seconds of the engine's clock."""
    passed = [dt.timedelta()]

    def tick(method: str, url: str) -> None:
        passed[0] += dt.timedelta(seconds=10)

    monkeypatch.setattr(clock, "now", lambda: timezone.now() + passed[0])
    http.before_send.append(tick)
    yield passed
    http.before_send.remove(tick)


def test_a_long_run_keeps_its_lease_and_nobody_steals_it(order: World, slow_minutes: list[dt.timedelta]) -> None:
    stolen: list[Claim] = []
    http.before_send.append(steal := lambda *_: stolen.extend(claim()))
    try:
        work_on(claim()[0])
    finally:
        http.before_send.remove(steal)
    assert slow_minutes[0] > dt.timedelta(seconds=90)
    assert stolen == []
    assert SyncRecord.objects.get().state == "posted"


def test_a_source_that_answers_page_by_page_keeps_its_reader_s_lease(
    order: World, slow_minutes: list[dt.timedelta], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent for long, and the lease is renewed all the same."""
    resource = order.source.connector_class.resources["order"]
    fetch = resource.fetch
    monkeypatch.setattr(resource, "fetch", lambda self, id: [fetch(self, id) for _ in range(9)][-1])
    test_a_long_run_keeps_its_lease_and_nobody_steals_it(order, slow_minutes)


def _everything(world: World) -> dict[str, Any]:
    rows = {
        "records": list(SyncRecord.objects.values()),
        "postings": list(Posting.objects.order_by("pk").values()),
        "attempts": list(Attempt.objects.order_by("pk").values()),
    }
    told = [call for call in world.store.log if call[0] != "GET"]
    return rows | {"books": world.books.state(), "told": told}


@pytest.mark.parametrize("resource", ["client", "invoice", "payment"])
def test_whoever_takes_over_goes_on_with_what_the_slow_one_writes_down_meanwhile(order: World, resource: str) -> None:
    """It has looked at what is there already, and then the other one writes."""
    (slow,) = claim()
    time_passes()
    (fresh,) = claim()
    with stopping_at(when_intended(resource), lambda: work_on(slow)):
        work_on(fresh)
    assert_done_once(order, slow)


def when_intended(resource: str) -> Seam:
    def before(patch: pytest.MonkeyPatch, happen: Callable[[], None]) -> None:
        real = journal.intended

        def late(built: Any, *args: Any, **kwargs: Any) -> Any:
            if built.step.resource == resource:
                happen()
            return real(built, *args, **kwargs)

        patch.setattr(journal, "intended", late)

    return before
