"""Somebody deletes in the books what the hub is still at: nothing is finished on it, and nothing goes onto it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub.edited_orders import place
from tests.hub.hands import change, delete, offered, restore, settled, try_again, try_once
from tests.hub.test_what_a_person_decides import agree
from tests.hub.world import World

TAXED = {"net": "10.01", "tax": "0.83", "rate": "8.25"}
"""Books that round down make 0.82 of it."""


def posting(resource: str = "invoice", part: str = "") -> Posting:
    return Posting.objects.get(resource=resource, part=part)


def unproven(world: World) -> Posting:
    """An invoice that stays a draft, since the books compute another tax."""
    world.set_policy(rounding_tolerance={"line": 0, "document": 0})
    world.books.switch.update(rounding_point="line", rounding_mode="down")
    world.place(kind="shipped_unpaid", lines={"a": TAXED})
    world.sync()
    assert settled(world) == ("held", "tax_differs")
    return posting()


def gone(world: World) -> Posting:
    """The same, deleted, and found to be."""
    draft = unproven(world)
    delete(world, draft)
    world.books.switch["rounding_mode"] = "half_up"
    assert try_again(world) == ("held", "deleted_in_books")
    return draft


def correct(world: World, draft: Posting) -> None:
    cent = {"name": "By hand", "qty": "1", "unit_cost": {"amount": "0.01", "code": "USD"}}
    change(world, draft, lines=[*world.invoices[0]["lines"], cent])


# --- a draft that is not proven ---


@pytest.mark.parametrize("books", ["refuse", "accept"])
def test_nothing_is_finished_on_a_deleted_draft(world: World, books: str) -> None:
    world.books.switch["on_deleted"] = books
    delete(world, unproven(world))
    world.set_policy(tax_style="lines")
    assert try_again(world) == ("held", "deleted_in_books")
    assert (posting().state, world.invoices) == ("intended", [])


def test_a_draft_that_was_corrected_in_the_books_is_taken_as_it_is(world: World) -> None:
    draft = unproven(world)
    assert "Correct it in the books to 10.84 USD" in world.record().problem["remedy"]
    correct(world, draft)
    assert try_again(world) == ("posted", "")
    assert agree(world)


def test_a_deleted_draft_that_is_restored_and_corrected_goes_on(world: World) -> None:
    draft = gone(world)
    restore(world, draft)
    assert try_again(world) == ("held", "number_taken")
    world.books.switch["rounding_mode"] = "down"
    correct(world, draft)
    assert try_again(world) == ("posted", "")
    assert [str(one["id"]) for one in world.invoices] == [draft.remote_id]


def test_an_order_whose_draft_was_deleted_takes_another_number(world: World) -> None:
    gone(world)
    assert offered(world) == {"link", "number", "skip"}
    decisions.use_number(world.record(), "X-9", None)
    assert settled(world) == ("posted", "")
    assert [one["invoice_number"] for one in world.invoices] == ["X-9"]
    assert agree(world)


def test_an_order_whose_draft_was_deleted_is_skipped(world: World) -> None:
    gone(world)
    decisions.skip(world.record(), "a test order", None)
    assert settled(world) == ("skipped", "by_hand")
    assert agree(world)


def test_a_deleted_document_is_not_linked_until_it_is_restored(world: World) -> None:
    draft = gone(world)
    decisions.link(world.record(), world.record().problem["theirs"]["id"], None)
    assert settled(world) == ("held", "deleted_in_books")
    restore(world, draft)
    assert try_again(world)[0] == "held"
    assert posting().note == "linked by a person"


def test_another_number_is_used_in_the_place_of_a_link(world: World) -> None:
    draft = gone(world)
    decisions.link(world.record(), draft.remote_id, None)
    settled(world)
    assert offered(world) == {"link", "number", "skip"}
    decisions.use_number(world.record(), "X-9", None)
    assert settled(world) == ("posted", "")


def test_what_was_deleted_while_in_doubt_is_in_doubt_no_longer(world: World) -> None:
    order = world.place(kind="shipped_unpaid", lines={"a": 100})
    world.fault(kind="lost", method="POST", path="invoice")
    world.poll()
    try_once()
    assert posting().state == "sent"
    (made,) = world.invoices
    world.books.place({"invoice": {"id": made["id"], "vis_state": 1}})
    assert settled(world) == ("held", "deleted_in_books")
    assert offered(world) == {"link", "number", "skip"}
    assert agree(world)
    decisions.use_number(world.record(), f"{world.number(order)}-B", None)
    assert settled(world) == ("posted", "")


def unproven_credit(world: World) -> Posting:
    """A credit note of which the books compute another tax. It is never a draft."""
    world.set_policy(rounding_tolerance={"line": 0, "document": 0})
    order = world.place(kind="shipped_unpaid", lines={"a": TAXED})
    world.sync()
    world.place(capture=world.number(order))
    world.sync()
    world.books.switch.update(rounding_point="line", rounding_mode="down")
    world.place(refund=world.number(order))
    world.sync()
    assert settled(world) == ("held", "tax_differs")
    return Posting.objects.get(resource="credit_note")


def test_a_credit_note_that_was_corrected_in_the_books_is_taken_as_it_is(world: World) -> None:
    credit = unproven_credit(world)
    lines = world.credit_notes[0]["lines"]
    change(
        world, credit, lines=[*lines, {"name": "By hand", "qty": "1", "unit_cost": {"amount": "0.01", "code": "USD"}}]
    )
    assert try_again(world) == ("posted", "")
    assert agree(world)


def test_a_credit_note_that_stands_otherwise_says_so_whatever_the_rules_are_now(world: World) -> None:
    unproven_credit(world)
    world.set_policy(tax_style="lines")
    assert try_again(world) == ("held", "tax_differs")


def test_a_credit_note_that_was_deleted_is_made_anew_by_the_rules_as_they_are_now(world: World) -> None:
    delete(world, unproven_credit(world))
    world.set_policy(tax_style="lines")
    assert try_again(world) == ("held", "deleted_in_books")
    assert offered(world) == {"link", "create", "leave_out"}
    decisions.create_anyway(world.record(), None)
    assert settled(world) == ("posted", "")
    assert len(world.credit_notes) == 1
    assert agree(world)


def test_a_credit_note_that_was_deleted_is_left_out(world: World) -> None:
    delete(world, unproven_credit(world))
    assert try_again(world) == ("held", "deleted_in_books")
    decisions.leave_out(world.record(), "refunded by hand", None)
    assert settled(world) == ("posted", "")
    assert world.credit_notes == []


# --- what belongs to an invoice that is deleted ---


def paid_onto_nothing(world: World) -> Posting:
    """Its money comes after somebody has deleted the invoice."""
    world.books.switch["on_deleted"] = "accept"
    order = place(world, {"a": 100})
    delete(world, posting())
    world.place(capture=world.number(order))
    world.sync()
    assert settled(world) == ("held", "invoice_deleted")
    assert world.payments == []
    return posting()


def test_a_payment_waits_for_its_invoice_to_be_restored(world: World) -> None:
    invoice = paid_onto_nothing(world)
    assert offered(world) == {"post_again", "leave_out"}
    restore(world, invoice)
    assert try_again(world) == ("posted", "")
    assert len(world.payments) == 1


def test_a_payment_goes_onto_the_invoice_that_is_posted_again(world: World) -> None:
    invoice = paid_onto_nothing(world)
    decisions.post_again(world.record(), invoice, None)
    assert settled(world) == ("held", "deleted_in_books")
    decisions.use_number(world.record(), "X-9", None)
    assert settled(world) == ("posted", "")
    (invoice,), (payment,) = world.invoices, world.payments
    assert (invoice["invoice_number"], payment["invoiceid"]) == ("X-9", invoice["id"])
    assert agree(world)


def test_a_payment_onto_a_deleted_invoice_is_left_out(world: World) -> None:
    paid_onto_nothing(world)
    decisions.leave_out(world.record(), "booked by hand", None)
    assert settled(world) == ("posted", "")
    assert world.payments == []


def test_nothing_is_credited_on_a_deleted_invoice(world: World) -> None:
    order: Any = world.place(kind="simple")
    world.sync()
    delete(world, posting())
    world.place(refund=world.number(order))
    world.sync()
    assert settled(world) == ("held", "invoice_deleted")
    assert world.credit_notes == []
    assert offered(world) == {"post_again", "leave_out"}
    restore(world, posting())
    assert try_again(world) == ("posted", "")
    assert len(world.credit_notes) == 1
    assert SyncRecord.objects.get().problem == {}
