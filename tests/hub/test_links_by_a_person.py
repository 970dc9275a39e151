"""A person links a record to a document of the books. Whatever is wrong with that one, there is a way on."""

from __future__ import annotations

from typing import Any

import pytest

from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub.edited_orders import place
from tests.hub.hands import change, delete, offered, settled, try_again
from tests.hub.test_what_a_person_decides import agree, stranger
from tests.hub.world import World

NUMBERS = {"link", "number", "skip"}


def taken(world: World, amount: str = "77.00") -> str:
    """An order over 100, whose number a stranger's invoice bears. Its id."""
    order = world.place(kind="shipped_unpaid", lines={"a": 100})
    linked = stranger(world, world.number(order), amount)
    world.sync()
    assert settled(world) == ("held", "number_taken")
    assert offered(world) == NUMBERS
    return linked


def link(world: World, id: str) -> tuple[str, str]:
    decisions.link(world.record(), id, None)
    return settled(world)


def invoice() -> Posting:
    return Posting.objects.get(resource="invoice")


def test_an_id_that_nobody_knows_is_said_and_typed_again(world: World) -> None:
    right = taken(world, amount="100.00")
    assert link(world, "4711") == ("held", "linked_unknown")
    assert "no invoice with the id 4711" in world.record().message
    assert offered(world) == NUMBERS
    assert link(world, right) == ("posted", "")


def test_an_id_that_nobody_knows_may_become_another_number(world: World) -> None:
    taken(world)
    link(world, "4711")
    decisions.use_number(world.record(), "X-1", None)
    assert settled(world) == ("posted", "")
    assert agree(world)


def test_a_document_of_another_order_is_not_linked_and_leaves_every_way_open(world: World) -> None:
    place(world, {"b": 5})
    posted = invoice()
    order = world.place(kind="shipped_unpaid", lines={"a": 100})
    stranger(world, world.number(order))
    world.sync()
    held = SyncRecord.objects.get(state="held")
    decisions.link(held, posted.remote_id, None)
    world.work()
    held.refresh_from_db()
    assert held.reason == "linked_twice"
    decisions.use_number(held, "X-1", None)
    world.work()
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"posted"}
    assert agree(world)


def test_another_document_is_linked_in_the_place_of_one_that_differs(world: World) -> None:
    wrong = taken(world)
    right = stranger(world, "HAND-1", "100.00")
    assert link(world, wrong) == ("held", "linked_differs")
    assert link(world, right) == ("posted", "")
    assert invoice().remote_id == right
    assert agree(world)


def test_a_linked_document_that_was_corrected_in_the_books_is_right(world: World) -> None:
    assert link(world, taken(world)) == ("held", "linked_differs")
    rest = {"name": "By hand", "qty": "1", "unit_cost": {"amount": "100.00", "code": "USD"}}
    change(world, invoice(), lines=[rest])
    assert try_again(world) == ("posted", "")
    assert agree(world)


def test_a_linked_document_that_was_deleted_since_is_no_link(world: World) -> None:
    assert link(world, taken(world)) == ("held", "linked_differs")
    delete(world, invoice())
    assert try_again(world) == ("held", "deleted_in_books")
    assert offered(world) == NUMBERS


@pytest.mark.parametrize("what", ["post it anyway", "leave it out"])
def test_a_payment_that_was_linked_wrongly_is_posted_or_left_out(world: World, what: str) -> None:
    order: Any = place(world, {"a": 100})
    typed = {"invoiceid": int(invoice().remote_id), "amount": {"amount": "100.00", "code": "USD"}, "type": "Check"}
    by_hand = world.books.place({"payment": {**typed, "date": str(invoice().date)}})
    world.place(capture=world.number(order))
    world.sync()
    assert settled(world) == ("held", "maybe_recorded")
    assert link(world, "4711") == ("held", "linked_unknown")
    assert offered(world) == {"link", "create", "leave_out"}
    if what == "leave it out":
        decisions.leave_out(world.record(), "paid by check", None)
    else:
        world.books.place({"payment": {"id": by_hand["id"], "vis_state": 1}})
        decisions.create_anyway(world.record(), None)
    assert settled(world) == ("posted", "")
    assert len(world.payments) == 1
