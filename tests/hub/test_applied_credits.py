"""Credit notes that pay what is open on their own order's invoices: a switch, off until a person turns it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from connectors.base import Remote
from connectors.documents import BooksPayment
from connectors.models import Connection
from connectors.sandbox import Fault
from connectors.vault import connect
from hub.books.agreement import agreement
from hub.books.reconciliation.asking import ask
from hub.books.reconciliation.rounds import advance_due
from hub.engine import decisions
from hub.models import Discrepancy, Posting, SyncRecord
from tests.hub.dying import EVERY, in_a_child, killed_at, time_passes
from tests.hub.world import World


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(apply_credits="on")


def cancel(world: World) -> None:
    """An order that was booked and never paid."""
    world.place(kind="shipped_unpaid", seed=1)
    world.sync()
    world.place(cancel=world.record().number)
    hear(world)


def hear(world: World) -> None:
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert world.record().state == "posted", world.record().message


def in_the_books(resource: str) -> Remote:
    """The one document of the order there."""
    posting = Posting.objects.get(resource=resource)
    found: Remote = connect(Connection.objects.get(name="books")).resource(resource).read(posting.remote_id)
    return found


def applied() -> list[Posting]:
    return list(Posting.objects.filter(resource="payment", part__startswith="applied:"))


def told_apart() -> list[str]:
    record = SyncRecord.objects.get()
    ask(record.flow, record.date, record.date)
    while advance_due():
        continue
    return [one.sentence for one in Discrepancy.objects.filter(state="open")]


def test_a_canceled_order_owes_nothing_and_its_credit_note_is_used_up(world: World) -> None:
    cancel(world)
    invoice, credit = in_the_books("invoice"), in_the_books("credit_note")
    assert (invoice.outstanding, invoice.status) == (0, "paid")
    assert (credit.outstanding, credit.status) == (0, "paid")
    [one] = applied()
    assert (one.state, one.total, one.document["credit_id"]) == ("done", invoice.total, credit.id)
    assert agreement(world.record().date, world.record().date).agree


def test_nothing_is_applied_unless_it_is_switched_on(make_world: Callable[..., World]) -> None:
    world = make_world()
    cancel(world)
    assert in_the_books("invoice").outstanding == in_the_books("credit_note").outstanding > 0
    assert applied() == []


def test_switched_on_later_it_comes_with_the_next_reading(make_world: Callable[..., World]) -> None:
    world = make_world()
    cancel(world)
    world.set_policy(apply_credits="on")
    hear(world)
    assert in_the_books("invoice").outstanding == 0


def test_hearing_of_it_again_changes_nothing_and_all_sides_agree(world: World) -> None:
    cancel(world)
    before = world.books.state()
    hear(world)
    assert world.books.state() == before
    assert told_apart() == []


def test_a_refund_of_paid_money_applies_nothing(world: World) -> None:
    world.place(kind="partial_refund", seed=3)
    world.sync()
    assert Posting.objects.filter(resource="credit_note").exists()
    assert applied() == []


def test_an_answer_that_gets_lost_is_looked_for(world: World) -> None:
    world.place(kind="shipped_unpaid", seed=1)
    world.sync()
    world.place(cancel=world.record().number)
    world.books.faults = [Fault("lost", method="POST", path="payment")]
    hear(world)
    world.work(patience=10)
    [one] = applied()
    assert one.state == "done"
    assert in_the_books("invoice").outstanding == in_the_books("credit_note").outstanding == 0


def test_books_that_refuse_leave_invoice_and_credit_note_as_they_are(world: World) -> None:
    world.books.switch["credit_payments"] = "refuse"
    cancel(world)
    assert in_the_books("invoice").outstanding == in_the_books("credit_note").outstanding > 0
    [failed] = world.record().steps.filter(step="apply_credits")
    assert failed.state == "failed" and "credit" in failed.message
    assert not [one for one in applied() if one.state != "intended"]


def test_a_credit_note_that_somebody_used_is_not_used_again(make_world: Callable[..., World]) -> None:
    """On another invoice of the same client, by hand."""
    world = make_world()
    cancel(world)
    world.place(kind="shipped_unpaid", seed=1)
    world.sync()
    books = connect(Connection.objects.get(name="books"))
    first, second = Posting.objects.filter(resource="invoice").order_by("pk")
    credit = in_the_books("credit_note")
    books.resource("payment").create(
        BooksPayment(
            invoice_id=second.remote_id,
            amount=credit.total,
            currency=credit.currency,
            date=second.date,
            type="Credit",
            credit_id=credit.id,
        )
    )
    world.set_policy(apply_credits="on")
    decisions.retry(SyncRecord.objects.filter(pk=first.record_id))
    world.work()
    assert books.resource("invoice").read(first.remote_id).outstanding == first.total
    [failed] = first.record.steps.filter(step="apply_credits") if first.record else []
    assert "0.00 of it is left" in failed.message


def test_what_a_person_left_out_is_applied_to_nothing(world: World) -> None:
    world.place(kind="shipped_unpaid", seed=1)
    world.sync()
    record = world.record()
    record.decision = {"postings": {"credit_note/credit-1": "leave out"}}
    record.save()
    world.place(cancel=record.number)
    hear(world)
    assert applied() == [] and not Posting.objects.filter(resource="credit_note").exists()


@pytest.mark.points
def test_it_is_applied_once_wherever_a_worker_is_killed(world: World) -> None:
    world.books.switch["rate_window"] = 0
    point, killed = 1, True
    while killed:
        world.start_over()
        world.place(kind="shipped_unpaid", seed=1)
        world.sync()
        world.place(cancel=world.record().number)
        decisions.retry(SyncRecord.objects.all())
        killed = killed_at(point, world.work)
        time_passes()
        in_a_child(lambda: world.work(patience=10))
        assert [one.state for one in applied()] == ["done"], f"killed at {point}"
        assert in_the_books("credit_note").outstanding == Decimal(0) == in_the_books("invoice").outstanding
        assert len(world.payments) == 1, f"killed at {point}"
        point += max(3, EVERY)
