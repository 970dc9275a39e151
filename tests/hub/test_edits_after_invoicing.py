"""An order is edited in its store after it was invoiced: three ways on, each of which ends with books that agree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connectors.models import Connection
from hub import flows
from hub.books.agreement import agreement
from hub.engine import decisions
from hub.engine.decisions import Undecidable
from hub.models import Posting, SyncRecord
from tests.hub.dying import EVERY, killed_at, time_passes
from tests.hub.edited_orders import edit, place
from tests.hub.world import World
from tests.oracle import violations

MADE = {
    "adjust": ({"": 120, "adjust-1": 5}, {"adjust-1": 30}),
    "reinvoice": ({"": 120, "reinvoice-1": 95}, {"credit-1": 120}),
}


def agree() -> bool:
    record = SyncRecord.objects.get()
    return agreement(record.date, record.date).agree


def hold(world: World) -> SyncRecord:
    """The hub hears of the edit."""
    decisions.retry(SyncRecord.objects.all())
    world.work()
    record = world.record()
    assert (record.state, record.reason) == ("held", "edited_after_posting"), record.message
    return record


def decide(world: World, how: Any) -> None:
    record = world.record()
    decisions.follow_edit(record, how, record.problem["digest"], None)
    world.work()
    assert world.record().state == "posted", world.record().message


def assert_books_are_right(world: World, order: dict[str, Any]) -> None:
    """By the trade itself."""
    assert violations(world.store.expectations(), world.books.state(), edited=[world.number(order)]) == []


def amounts(resource: str) -> dict[str, Decimal]:
    found = Posting.objects.filter(resource=resource).order_by("pk")
    return {posting.part: posting.booked for posting in found if posting.booked is not None}


def numbers(rows: list[dict[str, Any]], field: str) -> list[str]:
    """Without the order's own."""
    return sorted(row[field].removeprefix(SyncRecord.objects.get().number) for row in rows)


def test_the_difference_is_shown_line_by_line(world: World) -> None:
    order = place(world, {"a": 100, "b": 20})
    edit(world, order, {"a": 90, "c": 5})
    problem = hold(world).problem
    assert problem["lines"] == ["a: 100.00 → 90.00", "b: 20.00 → nothing", "c: nothing → 5.00"]
    assert problem["posted"].startswith("120") and problem["now"].startswith("95")


@pytest.mark.parametrize("lines", [{"a": 0}, {}], ids=["a line over nothing", "no line"])
@pytest.mark.parametrize(
    ("how", "invoices", "credits"),
    [("adjust", {"": 100}, {"adjust-1": 100}), ("reinvoice", {"": 100, "reinvoice-1": 0}, {"credit-1": 100})],
)
def test_an_order_that_was_edited_to_nothing_is_credited_like_any_other(
    world: World, how: str, invoices: dict[str, int], credits: dict[str, int], lines: dict[str, int]
) -> None:
    order = place(world, {"a": 100})
    edit(world, order, lines)
    hold(world)
    decide(world, how)
    assert (amounts("invoice"), amounts("credit_note")) == (invoices, credits)
    assert agree()


@pytest.mark.parametrize("lines", [{"a": 0}, {}], ids=["a line over nothing", "no line"])
def test_a_draft_follows_its_order_down_to_nothing(make_world: Callable[..., World], lines: dict[str, int]) -> None:
    world = make_world(invoice_status="draft")
    order = place(world, {"a": 100})
    edit(world, order, lines)
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert (world.record().state, amounts("invoice"), agree()) == ("posted", {"": 0}, True)


def test_what_was_added_becomes_an_extra_invoice_and_what_was_taken_away_a_credit_note(world: World) -> None:
    order = place(world, {"a": 100, "b": 20})
    edit(world, order, {"a": 90, "c": 5})
    hold(world)
    decide(world, "adjust")
    assert amounts("invoice") == {"": 120, "adjust-1": 5}
    assert amounts("credit_note") == {"adjust-1": 30}
    assert numbers(world.invoices, "invoice_number") == ["", "-A1"]
    assert_books_are_right(world, order)
    assert (world.record().total, agree()) == (95, True)


def test_the_next_edit_asks_again_and_gets_documents_of_its_own(world: World) -> None:
    order = place(world, {"a": 100})
    edit(world, order, {"a": 120})
    hold(world)
    decide(world, "adjust")
    edit(world, order, {"a": 100})
    hold(world)
    decide(world, "adjust")
    assert amounts("invoice") == {"": 100, "adjust-1": 20}
    assert amounts("credit_note") == {"adjust-2": 20}
    assert (world.record().total, agree()) == (100, True)


def test_an_order_is_credited_whole_and_invoiced_again(world: World) -> None:
    order = place(world, {"a": 100, "b": 20})
    edit(world, order, {"a": 90})
    hold(world)
    decide(world, "reinvoice")
    assert amounts("invoice") == {"": 120, "reinvoice-1": 90}
    assert amounts("credit_note") == {"credit-1": 120}
    assert numbers(world.invoices, "invoice_number") == ["", "-R1"]
    assert_books_are_right(world, order)
    assert (world.record().total, agree()) == (90, True)


def test_what_an_adjustment_left_is_credited_and_no_more(world: World) -> None:
    order = place(world, {"a": 100, "b": 20})
    edit(world, order, {"a": 100})
    hold(world)
    decide(world, "adjust")
    edit(world, order, {"a": 70})
    hold(world)
    decide(world, "reinvoice")
    assert amounts("credit_note") == {"adjust-1": 20, "credit-1": 100}
    assert (world.record().total, agree()) == (70, True)


def test_an_ignored_edit_is_out_of_what_the_next_one_posts(world: World) -> None:
    order = place(world, {"a": 100})
    edit(world, order, {"a": 150})
    decisions.accept_edit(hold(world), "booked by hand", None)
    world.work()
    edit(world, order, {"a": 160})
    hold(world)
    decide(world, "adjust")
    assert amounts("invoice") == {"": 100, "adjust-1": 10}
    assert (world.record().total, agree()) == (110, True)


def test_a_payment_goes_onto_the_invoice_that_it_is_for(world: World) -> None:
    order = place(world, {"a": 100})
    edit(world, order, {"a": 60})
    hold(world)
    decide(world, "reinvoice")
    world.place(capture=world.number(order))
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert world.record().state == "posted", world.record().message
    invoice = Posting.objects.get(resource="invoice", part="reinvoice-1")
    assert [str(payment["invoiceid"]) for payment in world.payments] == [invoice.remote_id]
    assert agree()


def test_one_payment_for_two_invoices_is_recorded_in_two_portions(world: World) -> None:
    order = place(world, {"a": 100})
    edit(world, order, {"a": 120})
    hold(world)
    decide(world, "adjust")
    world.place(capture=world.number(order))
    for _ in range(2):
        decisions.retry(SyncRecord.objects.all())
        world.work()
    assert world.record().state == "posted", world.record().message
    assert sorted(Decimal(payment["amount"]["amount"]) for payment in world.payments) == [20, 100]
    assert {invoice["outstanding"]["amount"] for invoice in world.invoices} == {"0.00"}
    assert_books_are_right(world, order)
    assert agree()


def test_an_order_that_was_paid_and_then_edited_to_less_is_adjusted(world: World) -> None:
    order = place(world, {"a": 100})
    world.place(capture=world.number(order))
    world.sync()
    assert [posting.total for posting in Posting.objects.filter(resource="payment")] == [100]
    edit(world, order, {"a": 60})
    hold(world)
    decide(world, "adjust")
    assert amounts("credit_note") == {"adjust-1": 40}
    assert (len(world.payments), world.record().total, agree()) == (1, 60, True)


def test_a_draft_follows_its_order(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    order = place(world, {"a": 100})
    for total in (120, 90):
        edit(world, order, {"a": total})
        decisions.retry(SyncRecord.objects.all())
        world.work()
        assert (world.record().state, world.record().total, agree()) == ("posted", total, True)
        assert amounts("invoice") == {"": total}
    assert [Decimal(invoice["amount"]["amount"]) for invoice in world.invoices] == [90]


@pytest.mark.parametrize("why", ["it is paid", "its period is closed"])
def test_a_draft_that_is_one_no_longer_is_asked_about(make_world: Callable[..., World], why: str) -> None:
    world = make_world(invoice_status="draft")
    order = place(world, {"a": 100}, kind="shipped_unpaid")
    if why == "its period is closed":
        Connection.objects.filter(name="books").update(lock_date=world.record().date)
    else:
        world.place(capture=world.number(order))
        world.sync()
    edit(world, order, {"a": 120})
    hold(world)
    decide(world, "adjust")
    assert amounts("invoice") == {"": 100, "adjust-1": 20}
    assert agree()


def test_a_decision_is_about_the_edit_that_the_person_saw(world: World) -> None:
    order = place(world, {"a": 100})
    edit(world, order, {"a": 120})
    record = hold(world)
    with pytest.raises(Undecidable):
        decisions.follow_edit(record, "adjust", "another", None)
    decisions.follow_edit(record, "adjust", record.problem["digest"], None)
    edit(world, order, {"a": 130})
    world.work()
    assert world.record().reason == "edited_after_posting"
    assert amounts("invoice") == {"": 100}
    decide(world, "adjust")
    assert amounts("invoice") == {"": 100, "adjust-1": 30}
    assert agree()


def test_an_edit_that_was_undone_needs_nobody(world: World) -> None:
    order = place(world, {"a": 100})
    edit(world, order, {"a": 120})
    hold(world)
    edit(world, order, {"a": 100})
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert (world.record().state, world.record().total, agree()) == ("posted", 100, True)


def test_books_that_lack_an_adjusting_document_do_not_agree(world: World) -> None:
    order = place(world, {"a": 100, "b": 20})
    edit(world, order, {"a": 90, "c": 5})
    hold(world)
    decide(world, "adjust")
    for lost in Posting.objects.filter(part="adjust-1"):
        Posting.objects.filter(pk=lost.pk).delete()
        assert not agree()
        lost.save(force_insert=True)
    assert agree()


def test_a_flow_that_posts_no_credit_notes_can_only_ignore_an_edit(world: World) -> None:
    order = place(world, {"a": 100})
    world.flow.steps = [step for step in world.flow.steps if step.get("each") != "refunds"]
    world.flow.save()
    flows.publish(world.flow)
    edit(world, order, {"a": 90})
    record = hold(world)
    assert "edit" not in record.problem
    decisions.accept_edit(record, "credited by hand", None)
    world.work()
    assert (world.record().state, world.record().total, agree()) == ("posted", 100, True)


def test_a_first_invoice_of_which_no_lines_were_kept_can_be_adjusted_all_the_same(world: World) -> None:
    order = place(world, {"a": 100, "b": 20})
    Posting.objects.update(basis={})
    edit(world, order, {"a": 90})
    hold(world)
    decide(world, "adjust")
    assert amounts("credit_note") == {"adjust-1": 30}
    assert agree()


@pytest.mark.points
@pytest.mark.parametrize("how", ["adjust", "reinvoice"])
def test_killed_at_any_point_it_is_done_once(world: World, how: Any) -> None:
    world.books.switch.update(rate_limit_read=10**6, rate_limit_write=10**6)
    point, killed = 0, True
    while killed:
        world.start_over()
        order = place(world, {"a": 100, "b": 20})
        edit(world, order, {"a": 90, "c": 5})
        record = hold(world)
        decisions.follow_edit(record, how, record.problem["digest"], None)
        killed = killed_at(point := point + EVERY, world.work)
        time_passes()
        world.work()
        assert (amounts("invoice"), amounts("credit_note")) == MADE[how], f"killed at point {point}"
        assert (len(world.invoices), len(world.credit_notes)) == (2, 1), f"killed at point {point}"
        assert (world.record().state, agree()) == ("posted", True), f"killed at point {point}"
    assert point > 20


@pytest.mark.points
def test_a_draft_follows_its_order_wherever_a_worker_is_killed(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    world.books.switch.update(rate_limit_read=10**6, rate_limit_write=10**6)
    point, killed = 0, True
    while killed:
        world.start_over()
        order = place(world, {"a": 100})
        edit(world, order, {"a": 120})
        decisions.retry(SyncRecord.objects.all())
        killed = killed_at(point := point + EVERY, world.work)
        time_passes()
        world.work()
        assert (world.record().state, amounts("invoice"), agree()) == ("posted", {"": 120}, True), f"killed at {point}"
        assert [Decimal(invoice["amount"]["amount"]) for invoice in world.invoices] == [120], f"killed at {point}"
    assert point > 10
