"""Every button mends what it is for, through the journal, and a check closes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hub.books.agreement import agreement
from hub.books.reconciliation.checking import check
from hub.books.reconciliation.mending import Unmendable, fitting, mend
from hub.engine import decisions
from hub.models import Discrepancy, Event, Posting, Reconciliation, SyncRecord
from tests.books.days import booked, kinds, reconciled, unsettled
from tests.books.hands import by_hand, change, dated_otherwise, duplicated, invoice_of, line, only
from tests.hub.dying import EVERY, in_a_child, killed_at, time_passes
from tests.hub.edited_orders import edit
from tests.hub.world import World


def mended(world: World, what: str) -> Discrepancy:
    """Found, the button pressed, the hub's work done, and checked again."""
    reconciled(world)
    found = only()
    assert fitting(found)[0] == what
    mend(found, what, "ada")
    assert (found.state, found.decided_by) == ("mended", "ada")
    world.work(patience=10)
    return check(found)


def test_an_invoice_that_is_gone_is_posted_again(world: World) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    table = world.books.account.tables["invoices"]
    table.remove(table.get(int(posting.remote_id)))
    assert mended(world, "post").state == "closed"
    posting.refresh_from_db()
    assert [str(one["id"]) for one in world.invoices] == [posting.remote_id]
    assert Posting.objects.filter(resource="invoice").count() == 1


def test_a_payment_that_was_deleted_is_posted_again(world: World) -> None:
    order = booked(world, {"a": 100})
    world.place(capture=world.number(order))
    world.sync()
    posting = Posting.objects.get(resource="payment")
    change(world, "payment", posting.remote_id, vis_state=1)
    assert mended(world, "post").state == "closed"
    assert len(world.payments) == 1


def test_a_refund_that_nobody_has_told_is_posted(world: World) -> None:
    order = booked(world, kind="simple")
    world.place(refund=world.number(order))
    assert mended(world, "post").state == "closed"
    assert len(world.credit_notes) == 1


def test_an_invoice_that_was_deleted_is_restored_by_a_person_and_taken_back(world: World) -> None:
    """Its number is not used again while the deleted one bears it: the record asks for it to be restored."""
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, vis_state=1)
    reconciled(world)
    mend(only(), "post", "ada")
    world.work(patience=10)
    assert world.record().reason == "deleted_in_books"
    change(world, "invoice", posting.remote_id, vis_state=0)
    decisions.retry(SyncRecord.objects.all())
    world.work(patience=10)
    assert (world.record().state, check(only()).state, len(world.invoices)) == ("posted", "closed", 1)


def test_an_order_edited_unheard_is_read_again_and_asked_about(world: World) -> None:
    edit(world, booked(world, {"a": 100}), {"a": 130})
    assert mended(world, "read_again").state == "closed"
    assert world.record().reason == "edited_after_posting"


def test_an_unknown_order_comes_in_without_a_button(world: World) -> None:
    booked(world)
    world.place(kind="shipped_unpaid")
    reconciled(world)
    assert fitting(only())[0] == "bring_in"
    world.work()
    assert (check(only()).state, len(world.invoices)) == ("closed", 2)


def test_an_unknown_order_that_the_books_hold_already_is_adopted(world: World) -> None:
    world.books.switch["duplicate_numbers"] = "allow"
    posting = invoice_of(world, booked(world, {"a": 100}))
    Posting.objects.exclude(resource__in=["client", "item"]).delete()
    SyncRecord.objects.all().delete()
    Event.objects.all().delete()
    reconciled(world)
    assert kinds() == ["missing_in_hub"]
    world.work(patience=10)
    assert (check(only()).state, len(world.invoices)) == ("closed", 1)
    assert Posting.objects.get(resource="invoice").remote_id == posting.remote_id


def test_a_duplicate_is_credited_once_with_its_tax(world: World) -> None:
    duplicated(world)
    assert mended(world, "credit").state == "closed"
    [credit] = world.credit_notes
    assert (credit["amount"]["amount"], credit["credit_number"].endswith("-D1")) == ("108.38", True)
    reconciled(world)
    assert unsettled() == []


def test_a_duplicate_for_another_client_is_not_credited_by_a_button(world: World) -> None:
    other = world.books.place({"client": {"email": "other@example.com"}})["id"]
    duplicated(world, customerid=int(other))
    reconciled(world)
    assert (kinds(), fitting(only())) == (["duplicate"], ["accept"])


def test_a_payment_without_a_reference_is_adopted_by_a_person_who_knows(world: World) -> None:
    order = booked(world, {"a": 100})
    world.place(capture=world.number(order))
    invoice = invoice_of(world, order)
    assert invoice.date
    id = by_hand(world, invoice, "100.00", date=str(invoice.date + dt.timedelta(days=12)))
    reconciled(world)
    found = only()
    assert (found.kind, found.sides["candidates"][0]["id"]) == ("payment_missing", id)
    assert 50 <= found.sides["confidence"] < 90
    mend(found, "adopt", "ada")
    world.work(patience=10)
    assert (check(found).state, len(world.payments)) == ("closed", 1)
    assert Posting.objects.get(resource="payment").remote_id == id


def test_what_is_accepted_needs_a_reason(world: World) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, lines=[line("90.00")])
    reconciled(world)
    assert fitting(only()) == ["put_back", "accept"]
    with pytest.raises(Unmendable, match="why"):
        mend(only(), "accept", "ada", reason=" ")
    mend(only(), "accept", "ada", reason="a rebate by telephone")
    assert (only().state, only().reason) == ("accepted", "a rebate by telephone")


def test_a_button_that_does_not_fit_is_refused(world: World) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, lines=[line("90.00")])
    reconciled(world)
    with pytest.raises(Unmendable):
        mend(only(), "credit", "ada")


def test_the_missing_part_of_a_payment_is_posted_beside_what_the_books_hold(world: World) -> None:
    paid = captured(world)
    change(world, "payment", paid.remote_id, amount={"amount": "60.00", "code": "USD"})
    assert mended(world, "rest").state == "closed"
    assert sorted(one["amount"]["amount"] for one in world.payments) == ["40.00", "60.00"]
    assert [(one.part, one.total, one.booked) for one in payments()] == [
        (paid.part, 60, 60),
        (f"{paid.part}+rest-1", 40, 40),
    ]
    reconciled(world)
    assert unsettled() == []


def test_the_rest_is_posted_once_and_follows_no_further_change_by_itself(world: World) -> None:
    paid = captured(world)
    change(world, "payment", paid.remote_id, amount={"amount": "60.00", "code": "USD"})
    mended(world, "rest")
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert len(world.payments) == 2
    change(world, "payment", payments()[1].remote_id, amount={"amount": "10.00", "code": "USD"})
    reconciled(world)
    assert (kinds(), fitting(only())) == (["payment_partial"], ["accept"])


def test_a_part_that_was_typed_in_by_hand_is_adopted_and_its_rest_posted(world: World) -> None:
    order = booked(world, {"a": 100})
    world.place(capture=world.record().number)
    by_hand(world, invoice_of(world, order), "70.00")
    assert mended(world, "rest").state == "closed"
    assert sorted(one["amount"]["amount"] for one in world.payments) == ["30.00", "70.00"]


def test_a_payment_that_was_changed_once_more_is_left_to_a_person(world: World) -> None:
    paid = captured(world)
    change(world, "payment", paid.remote_id, amount={"amount": "60.00", "code": "USD"})
    reconciled(world)
    mend(only(), "rest", "ada")
    change(world, "payment", paid.remote_id, amount={"amount": "80.00", "code": "USD"})
    world.work(patience=10)
    assert len(world.payments) == 1
    reconciled(world)
    assert only().amount == 20


@pytest.mark.parametrize("values", [{"lines": [line("90.00")]}, {"invoice_number": "X-1"}])
def test_a_changed_invoice_is_put_back_by_a_credit_note_and_a_new_one(world: World, values: dict[str, Any]) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, **values)
    stood = world.invoices[0]
    assert mended(world, "put_back").state == "closed"
    assert world.record().state == "posted", world.record().message
    assert stood in world.invoices  # nothing of theirs was overwritten
    [credit] = world.credit_notes
    assert credit["amount"] == stood["amount"]
    anew = Posting.objects.get(resource="invoice", part="reinvoice-1")
    assert (anew.booked, anew.natural_key) == (100, f"{posting.natural_key}-R1")
    reconciled(world)
    assert unsettled() == []
    assert agreement(world.record().date, world.record().date).agree


def test_an_invoice_that_was_moved_to_another_day_can_only_be_accepted(world: World) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, create_date="2019-03-01")
    reconciled(world)
    assert fitting(only()) == ["accept"]


def test_what_was_changed_back_by_hand_is_not_put_back_again(world: World) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, lines=[line("90.00")])
    reconciled(world)
    mend(only(), "put_back", "ada")
    change(world, "invoice", posting.remote_id, lines=[line("100.00")])
    world.work(patience=10)
    assert (len(world.invoices), world.credit_notes, check(only()).state) == (1, [], "closed")


@pytest.mark.points
@pytest.mark.parametrize("what", ["rest", "put_back", "put_back a date"])
def test_what_mends_is_done_once_wherever_a_worker_is_killed(world: World, what: str) -> None:
    world.books.switch["rate_window"] = 0
    point, killed = 1, True
    while killed:
        world.start_over()
        for model in (Discrepancy, Reconciliation):
            model.objects.all().delete()
        paid = captured(world)
        invoice = Posting.objects.get(resource="invoice")
        if what == "rest":
            change(world, "payment", paid.remote_id, amount={"amount": "60.00", "code": paid.currency})
        elif what == "put_back a date":
            dated_otherwise(world, invoice)
        else:
            more = {"unit_cost": {"amount": "120.00", "code": invoice.currency}}
            change(world, "invoice", invoice.remote_id, lines=[line("120.00", **more)])
        reconciled(world)
        mend(Discrepancy.objects.get(state="open"), what.split()[0], "ada")
        killed = killed_at(point, world.work)
        time_passes()
        in_a_child(lambda: world.work(patience=10))
        made = (len(world.payments), len(world.invoices), len(world.credit_notes))
        assert made == ((2, 1, 0) if what == "rest" else (1, 2, 1)), f"killed at {point}"
        point += max(5, EVERY)


def captured(world: World) -> Posting:
    """An order over 100 that was booked and paid."""
    booked(world, {"a": 100})
    world.place(capture=world.record().number)
    world.sync()
    return Posting.objects.get(resource="payment")


def payments() -> list[Posting]:
    return list(Posting.objects.filter(resource="payment").order_by("pk"))
