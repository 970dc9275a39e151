"""An order is canceled in its store after it was invoiced: a draft is taken back, a sent invoice is credited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connectors.models import Connection
from connectors.vault import connect
from hub.books.agreement import agreement
from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub import edited_orders
from tests.hub.dying import EVERY, killed_at, time_passes
from tests.hub.world import World

POLICIES = {"a sent invoice": "sent", "a draft": "draft"}


def place(world: World) -> Any:
    """Accepted, booked, and not paid."""
    order = world.place(kind="shipped_unpaid", seed=1)
    world.sync()
    assert world.record().state == "posted", world.record().message
    return order


def hear(world: World) -> SyncRecord:
    decisions.retry(SyncRecord.objects.all())
    world.work()
    return world.record()


def cancel(world: World, order: Any) -> SyncRecord:
    world.place(cancel=world.number(order))
    return hear(world)


def bring_back(world: World, order: Any) -> SyncRecord:
    """As it was before it was canceled."""
    world.place(revive=world.number(order))
    return hear(world)


def agree() -> bool:
    record = SyncRecord.objects.get()
    return agreement(record.date, record.date).agree


def numbers(rows: list[dict[str, Any]], field: str) -> list[str]:
    """Without the order's own."""
    return sorted(row[field].removeprefix(SyncRecord.objects.get().number) for row in rows)


def total(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["amount"]["amount"]) for row in rows), Decimal(0))


def test_a_sent_invoice_is_credited_whole(world: World) -> None:
    order = place(world)
    record = cancel(world, order)
    assert (record.state, record.total) == ("posted", 0), record.message
    assert "canceled in its store" in record.message
    assert numbers(world.credit_notes, "credit_number") == ["-C1"]
    assert total(world.credit_notes) == total(world.invoices) > 0
    assert agree()


def test_hearing_of_it_again_changes_nothing(world: World) -> None:
    order = place(world)
    cancel(world, order)
    before = world.books.state()
    assert hear(world).state == "posted"
    assert world.books.state() == before


def test_a_draft_is_taken_back(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    record = cancel(world, place(world))
    assert (record.state, record.reason) == ("skipped", "canceled"), record.message
    assert (world.invoices, world.credit_notes) == ([], [])
    assert Posting.objects.get(resource="invoice").state == "voided"
    assert agree()
    assert hear(world).state == "skipped"


def test_a_draft_that_somebody_sent_is_credited(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    order = place(world)
    posting = Posting.objects.get(resource="invoice")
    connect(Connection.objects.get(name="books")).resource("invoice").finish(posting.remote_id)
    assert cancel(world, order).state == "posted"
    assert len(world.invoices) == len(world.credit_notes) == 1
    assert agree()


def test_a_draft_of_a_closed_month_stays_and_is_credited_on_the_first_open_day(
    make_world: Callable[..., World],
) -> None:
    world = make_world(invoice_status="draft")
    order = place(world)
    closed = dt.date.today() + dt.timedelta(days=3)
    Connection.objects.filter(name="books").update(lock_date=closed)
    assert cancel(world, order).state == "posted"
    (credit,) = world.credit_notes
    assert credit["create_date"] == str(closed + dt.timedelta(days=1))
    assert "Late arrival" in credit["notes"]
    assert (len(world.invoices), agree()) == (1, True)


def test_an_invoice_that_a_person_linked_is_credited_and_never_deleted(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    order = place(world)
    Posting.objects.filter(resource="invoice").update(note="linked by a person")
    assert cancel(world, order).state == "posted"
    assert (len(world.invoices), len(world.credit_notes), agree()) == (1, 1, True)


def test_an_order_that_was_canceled_before_it_was_invoiced_is_no_sale(world: World) -> None:
    order = world.place(kind="shipped_unpaid")
    world.place(cancel=world.number(order))
    world.sync()
    assert (world.record().state, world.record().reason) == ("skipped", "canceled")
    assert (world.invoices, world.credit_notes) == ([], [])


def test_a_flow_that_leaves_refunds_to_a_person_shows_it(make_world: Callable[..., World]) -> None:
    world = make_world(refunds="hold")
    record = cancel(world, place(world))
    assert (record.state, record.reason) == ("held", "changed_after_posting")
    decisions.accept_edit(record, "credited by hand", None)
    world.work()
    assert (world.record().state, world.credit_notes, agree()) == ("posted", [], True)


def test_what_edits_added_is_credited_too(world: World) -> None:
    order = edited_orders.place(world, {"a": 100})
    edited_orders.edit(world, order, {"a": 110})
    record = hear(world)
    decisions.follow_edit(record, "adjust", record.problem["digest"], None)
    world.work()
    assert numbers(world.invoices, "invoice_number") == ["", "-A1"]
    assert cancel(world, order).total == 0
    assert total(world.credit_notes) == total(world.invoices)
    assert agree()


def test_an_edit_that_nobody_decided_about_is_settled_by_the_cancellation(world: World) -> None:
    order = edited_orders.place(world, {"a": 100})
    edited_orders.edit(world, order, {"a": 110})
    assert hear(world).reason == "edited_after_posting"
    assert cancel(world, order).state == "posted"
    assert total(world.credit_notes) == total(world.invoices)
    assert agree()


@pytest.mark.parametrize("status", POLICIES.values(), ids=POLICIES)
def test_an_order_that_comes_back_to_life_is_invoiced_anew(make_world: Callable[..., World], status: str) -> None:
    world = make_world(invoice_status=status)
    order = place(world)
    worth = world.record().total
    cancel(world, order)
    record = bring_back(world, order)
    assert (record.state, record.total) == ("posted", worth), record.message
    assert numbers(world.invoices, "invoice_number")[-1] == "-R1"
    assert total(world.invoices) - total(world.credit_notes) == worth
    assert agree()


def test_it_may_be_canceled_once_more(world: World) -> None:
    order = place(world)
    cancel(world, order)
    bring_back(world, order)
    assert cancel(world, order).total == 0
    assert numbers(world.credit_notes, "credit_number") == ["-C1", "-C2"]
    assert total(world.credit_notes) == total(world.invoices)
    assert agree()


@pytest.mark.points
@pytest.mark.parametrize("status", POLICIES.values(), ids=POLICIES)
def test_killed_at_any_point_it_is_done_once(make_world: Callable[..., World], status: str) -> None:
    world = make_world(invoice_status=status)
    world.books.switch.update(rate_limit_read=10**6, rate_limit_write=10**6)
    point, killed = 0, True
    while killed:
        world.start_over()
        order = place(world)
        world.place(cancel=world.number(order))
        decisions.retry(SyncRecord.objects.all())
        killed = killed_at(point := point + EVERY, world.work)
        time_passes()
        world.work()
        made = (world.record().state, len(world.invoices), len(world.credit_notes))
        assert made == {"sent": ("posted", 1, 1), "draft": ("skipped", 0, 0)}[status], f"killed at point {point}"
        assert agree(), f"killed at point {point}"
    assert point > 15
