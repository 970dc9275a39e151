"""Somebody edits or deletes our invoice in the books: it is found as drift and shown, through whatever door the hub hears
of it, and nothing of theirs is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.base import Notice
from hub.engine import decisions
from hub.intake.inbox import accept
from hub.intake.polling import poll, sources
from hub.models import Event, Posting, SyncRecord
from tests.books.days import booked, reconciled, unsettled
from tests.books.hands import change, invoice_of, line, only
from tests.hub.edited_orders import edit
from tests.hub.world import World

CHANGED: dict[str, dict[str, Any]] = {"edited": {"lines": [line("90.00")]}, "deleted": {"vis_state": 1}}


def hears_by_webhook(world: World, posting: Posting) -> None:
    """The books tell that their invoice changed; the request was verified before."""
    assert accept(world.target, Notice("invoice", posting.remote_id), door=Event.Door.WEBHOOK)
    assert Event.objects.filter(connection=world.target).count() == 1


def hears_by_poll(world: World, posting: Posting) -> None:
    """Books are no source of a flow, so nothing is read from them; asked for by name, nothing comes of it."""
    assert not sources().filter(pk=world.target.pk).exists()
    assert poll(world.target) == 0


def hears_of_its_order(world: World, posting: Posting) -> None:
    """The store tells of the order once more, and a person presses the button."""
    assert accept(world.source, Notice("order", world.record().source_id), door=Event.Door.WEBHOOK)
    world.work()
    decisions.retry(SyncRecord.objects.all())


@pytest.mark.parametrize("change_made", CHANGED)
@pytest.mark.parametrize("hears", [hears_by_webhook, hears_by_poll, hears_of_its_order])
def test_what_they_did_stands_and_is_shown(
    world: World, hears: Callable[[World, Posting], None], change_made: str
) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, **CHANGED[change_made])
    theirs = world.books.state()["invoices"]
    hears(world, posting)
    world.work()
    assert world.books.state()["invoices"] == theirs
    reconciled(world)
    assert unsettled() == [("drift", posting.natural_key)]
    assert only().sides["books"]["id"] == posting.remote_id
    assert world.books.state()["invoices"] == theirs


@pytest.mark.parametrize(("change_made", "told"), [("edited", "90.00 USD"), ("deleted", None)])
def test_a_draft_that_somebody_changed_does_not_follow_its_order_by_itself(
    make_world: Callable[..., World], change_made: str, told: str | None
) -> None:
    world = make_world(invoice_status="draft")
    order = booked(world, {"a": 100})
    posting = invoice_of(world, order)
    change(world, "invoice", posting.remote_id, **CHANGED[change_made])
    theirs = world.books.state()["invoices"]
    edit(world, order, {"a": 120})
    world.sync()
    assert world.books.state()["invoices"] == theirs
    record = world.record()
    assert (record.state, record.reason) == ("held", "edited_after_posting")
    assert record.problem.get("draft") == told
