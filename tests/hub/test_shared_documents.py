"""Clients and items that many records want: whoever comes first makes them, once, whatever becomes of the maker."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from hub.engine import journal
from hub.engine.claim import claim
from hub.engine.crew import work_on
from hub.engine.drain import drain
from hub.models import Posting, SyncRecord
from tests.hub.dying import die, ended, in_a_child, start_child, time_passes
from tests.hub.world import World
from tests.oracle import violations

ORDERS = 5


@pytest.fixture
def crowd(world: World) -> World:
    """Several orders of the same new customer, for the same new things."""
    world.books.switch["rate_window"] = 0
    for _ in range(ORDERS):
        world.place(kind="simple", seed=1)
    world.poll()
    return world


def assert_each_once(world: World) -> None:
    assert set(SyncRecord.objects.values_list("state", "reason")) == {("posted", "")}
    assert set(Counter(client["email"].lower() for client in world.clients).values()) == {1}
    assert set(Counter(item["sku"] for item in world._living("items")).values()) == {1}
    assert violations(world.store.expectations(), world.books.state()) == []


def test_threads_that_want_the_same_client_make_it_once(crowd: World) -> None:
    drain(threads=ORDERS)
    crowd.work(patience=10)
    assert_each_once(crowd)


def test_processes_that_want_the_same_client_make_it_once(crowd: World) -> None:
    crowd.fault(kind="late", method="POST", seconds=0.2, times=2)
    children = [start_child(lambda: drain(threads=2)) for _ in range(3)]
    assert [ended(child) for child in children] == [False] * 3
    crowd.work(patience=10)
    assert_each_once(crowd)


@pytest.mark.parametrize("resource", ["client", "item"])
def test_a_maker_that_dies_after_sending_is_waited_for_and_its_work_is_found(
    crowd: World, monkeypatch: pytest.MonkeyPatch, resource: str
) -> None:
    created = journal.created

    def created_or_dead(posting: Posting, *args: Any, **kwargs: Any) -> None:
        if posting.resource == resource:
            die()
        created(posting, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(journal, "created", created_or_dead)
        assert in_a_child(lambda: drain(threads=1))
    sent = Posting.objects.get(resource=resource, state="sent")
    for other in claim():
        work_on(other)
    sent.refresh_from_db()
    assert (sent.state, sent.looks) == ("sent", 0), "nobody looks while the maker may be alive"
    time_passes()
    crowd.work(patience=10)
    sent.refresh_from_db()
    assert sent.adopted
    assert_each_once(crowd)


def test_a_maker_that_dies_before_sending_leaves_it_to_the_next(crowd: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(journal, "sent", die)
        assert in_a_child(lambda: drain(threads=1))
    time_passes()
    crowd.work(patience=10)
    assert_each_once(crowd)


@pytest.mark.parametrize("fault", [{"kind": "lost"}, {"kind": "reset"}, {"kind": "status", "status": 503}])
def test_a_maker_that_gets_no_good_answer_leaves_no_second_client(crowd: World, fault: dict[str, Any]) -> None:
    crowd.fault(method="POST", path="client", **fault)
    drain(threads=ORDERS)
    crowd.work(patience=6)
    assert_each_once(crowd)


def test_a_maker_that_is_refused_fails_alone_and_goes_through_when_tried_again(crowd: World) -> None:
    crowd.fault(kind="status", status=422, body={"message": "no"}, method="POST", path="client")
    crowd.work(patience=10)
    assert Counter(SyncRecord.objects.values_list("state", flat=True)) == {"failed": 1, "posted": ORDERS - 1}
    assert len(crowd.clients) == 1
    SyncRecord.objects.filter(state="failed").update(state="pending", due_at=SyncRecord.objects.first().created_at)
    crowd.work(patience=10)
    assert_each_once(crowd)
