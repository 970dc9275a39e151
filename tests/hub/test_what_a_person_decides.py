"""Every hold has a way out, and no way out posts anything twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub import flows
from hub.admin.decision_fit import fitting
from hub.books.agreement import agreement
from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub.edited_orders import edit
from tests.hub.world import World

Make = Callable[..., World]


def agree(world: World) -> bool:
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    return agreement(days[0], days[-1]).agree


def settled(world: World) -> tuple[str, str]:
    world.work()
    record = world.record()
    return record.state, record.reason


def stranger(world: World, number: str, amount: str = "77.00") -> str:
    """An invoice that somebody made in the books by hand, under a number that an order will want."""
    client = world.books.place({"client": {"email": "somebody@example.com"}})
    line = {"name": "By hand", "qty": "1", "unit_cost": {"amount": amount, "code": "USD"}}
    wanted = {"customerid": client["id"], "invoice_number": number, "lines": [line], "create_date": "2026-01-01"}
    return str(world.books.place({"invoice": wanted})["id"])


def guarded(world: World, **rule: str) -> None:
    """Its flow asks something of every order first."""
    guard = {
        "name": "no_wholesale",
        "when": "total > 0",
        "reason": "wholesale",
        "message": "Wholesale is booked by hand",
    }
    world.flow.steps = [{**guard, **rule}, *world.flow.steps]
    world.flow.save()
    flows.publish(world.flow)


def test_an_order_without_an_e_mail_is_mended_on_its_page(world: World) -> None:
    world.place(kind="no_email")
    world.sync()
    assert settled(world) == ("held", "no_email")
    decisions.fix(world.record(), {"email": "Ada@Example.com"}, None)
    assert settled(world) == ("posted", "")
    assert world.clients[0]["email"] == "ada@example.com"


def test_money_cannot_be_fixed(world: World) -> None:
    world.place()
    world.sync()
    with pytest.raises(decisions.Undecidable):
        decisions.fix(world.record(), {"total": "1.00"}, None)


def test_a_skipped_record_stays_skipped_and_says_why(world: World) -> None:
    world.place(kind="no_email")
    world.sync()
    decisions.skip(world.record(), "a test order of ours", None)
    assert settled(world) == ("skipped", "by_hand")
    world.sync()
    assert (world.record().state, world.record().message) == ("skipped", "a test order of ours")
    assert agree(world)


def test_a_posted_record_cannot_be_skipped(world: World) -> None:
    world.place()
    world.sync()
    with pytest.raises(decisions.Undecidable):
        decisions.skip(world.record(), "no", None)


@pytest.mark.parametrize("duplicates", ["refuse", "allow"])
def test_a_number_that_a_stranger_holds_is_a_hold(make_world: Make, duplicates: str) -> None:
    world = make_world()
    world.books.switch["duplicate_numbers"] = duplicates
    world.flow.look_first = True
    world.flow.save()
    order = world.place()
    stranger(world, world.number(order))
    world.sync()
    assert settled(world) == ("held", "number_taken")
    assert len(world.invoices) == 1


def test_another_number_ends_the_hold(world: World) -> None:
    order = world.place()
    stranger(world, world.number(order))
    world.sync()
    assert settled(world) == ("held", "number_taken")
    decisions.use_number(world.record(), "X-1", None)
    assert settled(world) == ("posted", "")
    assert sorted(invoice["invoice_number"] for invoice in world.invoices) == sorted(["X-1", world.number(order)])
    assert agree(world)


def test_a_number_that_another_record_was_posted_under_is_a_hold_with_nothing_to_link(world: World) -> None:
    order = world.place()
    Posting.objects.create(
        target=world.target, resource="invoice", natural_key=world.number(order), document={}, state="intended"
    )
    world.sync()
    assert settled(world) == ("held", "number_used")
    assert fitting(world.record()) == {"number", "skip", "retry"}
    decisions.use_number(world.record(), "X-1", None)
    assert settled(world) == ("posted", "")
    assert agree(world)


def test_a_linked_document_is_adopted_and_never_changed(world: World) -> None:
    order = world.place()
    linked = stranger(world, world.number(order))
    world.sync()
    before = [invoice["amount"] for invoice in world.invoices]
    decisions.link(world.record(), linked, None)
    assert settled(world) == ("held", "linked_differs")
    decisions.accept_edit(world.record(), "booked by hand in January", None)
    world.work()
    assert [invoice["amount"] for invoice in world.invoices] == before
    assert Posting.objects.get(resource="invoice").remote_id == linked


def test_a_new_prefix_does_not_invoice_posted_orders_again(world: World) -> None:
    world.place(kind="partial_refund")
    world.sync()
    before = (len(world.invoices), len(world.payments), len(world.credit_notes))
    world.set_policy(invoice_prefix="N-")
    decisions.retry(SyncRecord.objects.all())
    assert settled(world) == ("posted", "")
    assert (len(world.invoices), len(world.payments), len(world.credit_notes)) == before


def test_a_payment_that_somebody_typed_in_is_a_hold_that_can_be_adopted(world: World) -> None:
    order = world.place(kind="shipped_unpaid")
    world.sync()
    assert settled(world) == ("posted", "")
    typed = world.books.place({})
    world.place(capture=world.number(order))
    world.sync()
    assert settled(world) == ("held", "maybe_recorded")
    decisions.link(world.record(), str(typed["id"]), None)
    assert settled(world) == ("posted", "")
    assert len(world.payments) == 1
    assert agree(world)


def test_a_payment_that_would_be_too_much_can_be_left_out(world: World) -> None:
    order = world.place(kind="shipped_unpaid")
    world.sync()
    world.books.place({})
    world.place(capture=world.number(order))
    world.sync()
    decisions.create_anyway(world.record(), None)
    assert settled(world) == ("held", "overpays")
    decisions.leave_out(world.record(), "paid at the counter", None)
    assert settled(world) == ("posted", "")
    assert len(world.payments) == 1


def test_a_decision_to_post_anyway_does_not_switch_the_looking_off(world: World) -> None:
    order = world.place()
    stranger(world, world.number(order))
    world.books.switch["duplicate_numbers"] = "allow"
    world.flow.look_first = True
    world.flow.save()
    world.sync()
    decisions.create_anyway(world.record(), None)
    world.fault(kind="lost", method="POST", path="invoice")
    assert settled(world) == ("posted", "")
    assert len(world.invoices) == 2  # the stranger's and ours, once


def test_an_edited_order_is_held_until_a_person_accepts_it(world: World) -> None:
    order = world.place()
    world.sync()
    booked = world.record().total
    edit(world, order, {"a": 9000})
    decisions.retry(SyncRecord.objects.all())
    assert settled(world) == ("held", "edited_after_posting")
    decisions.accept_edit(world.record(), "credited by hand", None)
    assert settled(world) == ("posted", "")
    assert world.record().total == booked
    assert agree(world)


def test_a_retry_after_the_rules_changed_mends_the_draft(world: World) -> None:
    world.set_policy(rounding_tolerance={"line": 0, "document": 0})
    world.books.switch.update(rounding_point="line", rounding_mode="down")
    for _ in range(12):
        world.place(kind="mixed_rates")
    world.sync()
    held = SyncRecord.objects.filter(reason="tax_differs")
    assert held.exists()
    world.set_policy(tax_style="lines")
    decisions.retry(held)
    world.work()
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"posted"}
    assert agree(world)


def test_a_record_that_was_skipped_by_hand_is_booked_after_all(world: World) -> None:
    world.place(kind="no_email")
    world.sync()
    decisions.skip(world.record(), "a test order of ours", None)
    assert settled(world) == ("skipped", "by_hand")
    assert fitting(world.record()) == {"unskip"}
    decisions.unskip(world.record(), None)
    assert settled(world) == ("held", "no_email")


def test_a_record_that_a_rule_skipped_has_nobody_to_take_that_back(world: World) -> None:
    world.place(kind="free")
    world.sync()
    assert settled(world) == ("skipped", "zero_total")
    with pytest.raises(decisions.Undecidable):
        decisions.unskip(world.record(), None)


def test_a_flow_that_leaves_refunds_to_a_person_asks_about_each(make_world: Make) -> None:
    world = make_world(refunds="hold")
    order = world.place(kind="partial_refund", seed=3)
    world.sync()
    assert settled(world) == ("held", "refund")
    assert fitting(world.record()) == {"let_pass", "leave_out", "skip", "retry"}
    decisions.let_pass(world.record(), None)
    assert (settled(world), len(world.credit_notes)) == (("posted", ""), 1)
    world.place(refund=world.number(order))
    decisions.retry(SyncRecord.objects.all())
    assert settled(world) == ("held", "refund")
    assert fitting(world.record()) == {"let_pass", "leave_out", "retry"}
    decisions.leave_out(world.record(), "booked by hand", None)
    assert (settled(world), len(world.credit_notes)) == (("posted", ""), 1)
    assert agree(world)


def test_a_flow_that_leaves_gift_cards_to_a_person_books_them_when_told_to(make_world: Make) -> None:
    world = make_world(tenders="hold")
    world.place(kind="gift_card", seed=3)
    world.sync()
    assert settled(world) == ("held", "tenders")
    assert fitting(world.record()) == {"let_pass", "skip", "retry"}
    decisions.let_pass(world.record(), None)
    assert settled(world) == ("posted", "")
    assert agree(world)


def test_what_a_rule_of_the_flow_holds_is_booked_when_a_person_lets_it_pass(world: World) -> None:
    guarded(world, do="hold")
    world.place()
    world.sync()
    assert settled(world) == ("held", "wholesale")
    assert world.record().problem["remedy"]
    assert fitting(world.record()) == {"let_pass", "skip", "retry"}
    decisions.let_pass(world.record(), None)
    assert settled(world) == ("posted", "")
    assert agree(world)


def test_what_a_new_rule_would_skip_and_is_in_the_books_is_accepted_with_a_reason(world: World) -> None:
    world.place()
    world.sync()
    guarded(world, do="skip")
    decisions.retry(SyncRecord.objects.all())
    assert settled(world) == ("held", "changed_after_posting")
    assert world.record().problem["remedy"]
    decisions.accept_edit(world.record(), "it was a sale all the same", None)
    assert settled(world) == ("posted", "")
    assert agree(world)
