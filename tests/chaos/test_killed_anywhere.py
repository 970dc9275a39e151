"""A process is killed with SIGKILL at every single point of what it does; it all comes out as if nothing had been.

Every database statement and every outbound call is a point; before each there is one death.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import Any

import pytest

from connectors.base import Notice
from hub.intake.inbox import accept, take_up_stored
from hub.models import Attempt, Event, SyncRecord, WebhookRequest
from tests.chaos.fleet import Zygote
from tests.chaos.verdict import disagreeing, found_in
from tests.hub.dying import time_passes
from tests.hub.hearing import at_the_door, hold_back
from tests.hub.world import World

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(sys.platform != "linux", reason="needs forks"),
]
MOST_POINTS = 400
TODAY = dt.date.today()
DAY = dt.timedelta(days=1)


@pytest.fixture
def quiet(world: World) -> World:
    """What the store tells waits in its outbox."""
    world.books.switch["rate_window"] = 0
    hold_back(world)
    return world


def at_every_point(dies_at: Callable[[int], bool], *, at_least: int) -> None:
    """`dies_at(n)` says whether it came as far as its n-th point."""
    last = next(point for point in range(1, MOST_POINTS) if not dies_at(point))
    assert last > at_least, "it was hardly begun"


def sell(world: World, **wanted: Any) -> None:
    """The hub has heard of it."""
    placed = world.place(**wanted)
    accept(world.source, Notice(world.flow.source_resource, str(placed["entity_id"])), door=Event.Door.HAND)


def assert_whole(world: World) -> None:
    assert found_in(world) == []
    assert disagreeing(TODAY - DAY, TODAY + DAY) == []


@pytest.mark.parametrize("kind", ["partial_refund", "gift_card"])
def test_a_worker_at_an_order(quiet: World, nursery: Zygote, kind: str) -> None:
    """A new client, new items, an invoice with its payments and credit notes, and what the store is told."""

    def dies_at(point: int) -> bool:
        sell(quiet, kind=kind, seed=point)
        died = nursery.run("drain", points=point).killed
        time_passes()
        quiet.work()
        return died

    at_every_point(dies_at, at_least=40)
    assert Attempt.objects.filter(outcome="died").exists()
    assert_whole(quiet)


def test_a_worker_at_an_order_that_was_edited(quiet: World, nursery: Zygote) -> None:
    """Its first half is skipped, its second is invoiced."""

    def dies_at(point: int) -> bool:
        sell(quiet, kind="edited", seed=point)
        died = nursery.run("drain", points=point).killed
        time_passes()
        quiet.sync()
        return died

    at_every_point(dies_at, at_least=40)
    assert_whole(quiet)


def test_a_worker_at_a_refund_that_comes_later(quiet: World, nursery: Zygote) -> None:
    def dies_at(point: int) -> bool:
        sell(quiet, kind="simple", seed=point)
        quiet.work()
        placed = quiet.store.expectations()[-1]
        quiet.place(refund=placed["increment_id"])
        accept(quiet.source, Notice("order", str(placed["entity_id"])), door=Event.Door.HAND)
        died = nursery.run("drain", points=point).killed
        time_passes()
        quiet.work()
        return died

    at_every_point(dies_at, at_least=20)
    assert_whole(quiet)


def test_a_poll(quiet: World, nursery: Zygote) -> None:
    def dies_at(point: int) -> bool:
        quiet.start_over()
        for _ in range(2):
            quiet.place(kind="unpaid")
        died = nursery.run("poll", points=point).killed
        quiet.poll()
        assert SyncRecord.objects.filter(due_at__isnull=False).count() == 2
        return died

    at_every_point(dies_at, at_least=8)


def test_the_taking_up_of_a_webhook(quiet: World, nursery: Zygote) -> None:
    def dies_at(point: int) -> bool:
        quiet.start_over()
        quiet.place(kind="unpaid")
        at_the_door(quiet, quiet.store.outbox[0])
        died = nursery.run("take_up", points=point).killed
        time_passes()
        take_up_stored()
        assert Event.objects.count() == SyncRecord.objects.filter(due_at__isnull=False).count() == 1
        assert WebhookRequest.objects.get().state == WebhookRequest.State.ACCEPTED
        return died

    at_every_point(dies_at, at_least=4)


def test_the_door_at_a_webhook(quiet: World, nursery: Zygote) -> None:
    """Nobody was answered, so the store tells it again."""

    def dies_at(point: int) -> bool:
        quiet.start_over()
        quiet.place(kind="unpaid")
        _, body, headers = quiet.store.outbox[0]
        told = {"name": quiet.source.name, "body": body.decode(), "headers": headers}
        died = nursery.run("receive", points=point, **told).killed
        if died:
            nursery.run("receive", **told)
        take_up_stored()
        assert SyncRecord.objects.filter(due_at__isnull=False).count() == 1
        return died

    at_every_point(dies_at, at_least=2)
