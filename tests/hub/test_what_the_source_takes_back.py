"""What was booked and is then taken back in the store: a refund that is canceled, a payment that is voided. It stands in
the books until a person deletes it there, or keeps it; nothing is booked on top of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connectors.vault import connect
from hub.books.agreement import agreement
from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub.world import World


def _refunded(world: World) -> Any:
    """In full, and booked."""
    order = world.place(kind="full_refund", seed=3)
    world.sync()
    assert world.record().state == "posted" and len(world.credit_notes) == 1
    return order


def _cancel_refund(world: World, order: Any) -> None:
    world.place(cancel_refund=world.number(order))
    world.sync()


def _refund_again(world: World, order: Any) -> None:
    world.place(refund=world.number(order))
    world.sync()


def _sum(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["amount"]["amount"]) for row in rows), Decimal(0))


def _delete(world: World, posting: Posting) -> None:
    """As a bookkeeper would, in the books."""
    resource = connect(world.target).resource(posting.resource)
    resource.void(posting.remote_id)


def _posting(resource: str) -> Posting:
    return Posting.objects.get(resource=resource, state="done")


def _agree() -> bool:
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    return agreement(days[0], days[-1]).agree


def test_a_refund_that_is_canceled_after_it_was_credited_holds_its_order(world: World) -> None:
    order = _refunded(world)
    note = _posting("credit_note")
    _cancel_refund(world, order)
    record = world.record()
    assert (record.state, record.reason) == ("held", "refund_withdrawn")
    assert note.natural_key in record.message and f"{record.total:.2f} {record.currency}" in record.message
    assert "delete the credit note in the books" in record.problem["remedy"]


def test_the_refund_that_takes_its_place_is_not_credited_on_top(world: World) -> None:
    order = _refunded(world)
    _cancel_refund(world, order)
    _refund_again(world, order)
    assert world.record().reason == "refund_withdrawn"
    assert _sum(world.credit_notes) == world.record().total
