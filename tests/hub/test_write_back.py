"""What the store is told of its order is told once, however badly the answer comes."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from pytest_django.fixtures import Settings

from connectors.base import Notice
from hub.engine import decisions
from hub.engine.drain import drain
from hub.intake.inbox import accept
from hub.models import Event, StepResult, SyncRecord
from tests.hub.edited_orders import edit, place
from tests.hub.world import World

WRITES = "POST|PUT|PATCH"
LATE = 0.6
"""Seconds after which the store does what it was asked; the answer was given up at once."""


def told(world: World, number: str = "") -> int:
    """How often, of any invoice or of this one."""
    return sum(bool(re.search(rf"{re.escape(number)}(?![-\w])", line)) for line in chain(*world.store.told().values()))


def test_an_order_that_was_invoiced_anew_is_told_its_new_invoice(world: World) -> None:
    order = place(world, {"a": 100})
    [first] = world.invoices
    assert told(world, first["invoice_number"]) == 1
    edit(world, order, {"a": 90})
    decisions.retry(SyncRecord.objects.all())
    world.work()
    decisions.follow_edit(world.record(), "reinvoice", world.record().problem["digest"], None)
    world.work()
    [second] = (row for row in world.invoices if row["id"] != first["id"])
    assert (told(world, second["invoice_number"]), told(world, first["invoice_number"]) < 2) == (1, True)


@pytest.fixture
def unsure(world: World, settings: Settings) -> World:
    """The store got the comment, and will write it down later; nobody heard of it."""
    settings.DOUBT_DELAY = 1.5
    world.place(kind="simple")
    world.poll()
    world.fault("store", kind="belated", method=WRITES, seconds=LATE)
    drain(threads=1)
    return world


def test_a_comment_whose_answer_was_lost_leaves_the_record_posted(unsure: World) -> None:
    assert unsure.record().state == "posted"
    assert StepResult.objects.get(step="write_back").state == StepResult.State.WAITING


def test_a_comment_that_arrives_late_is_not_written_twice(unsure: World) -> None:
    unsure.work(patience=10)
    assert told(unsure) == 1
    assert StepResult.objects.get(step="write_back").state == StepResult.State.DONE


def test_a_notice_meanwhile_does_not_repeat_it(unsure: World) -> None:
    accept(unsure.source, Notice("order", unsure.record().source_id), door=Event.Door.HAND)
    drain(threads=1)
    unsure.work(patience=10)
    assert told(unsure) == 1


def test_a_comment_that_never_arrived_is_written_after_a_while(world: World, settings: Settings) -> None:
    settings.DOUBT_DELAY = 0.3
    world.place(kind="simple")
    world.poll()
    world.fault("store", kind="reset", method=WRITES)
    world.work(patience=10)
    assert told(world) == 1
