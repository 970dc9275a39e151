"""Where source, hub and books agree, a reconciliation finds nothing, whatever the orders have been through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from hub.engine import decisions
from hub.models import Posting
from tests.books.days import booked, reconciled, unsettled
from tests.books.hands import TODAY
from tests.hub.edited_orders import edit
from tests.hub.world import World


def test_a_day_of_every_kind_of_order_agrees(world: World) -> None:
    expected = world.store.trade(orders=45, seed=4, day=TODAY, bad=True)
    world.sync()
    run = reconciled(world)
    assert unsettled() == []
    assert sum(run.counts.get(name, 0) for name in ("agrees", "held", "skipped")) == len(expected)
    assert run.counts["agrees"] > 20


def test_it_reads_and_changes_nothing(world: World) -> None:
    world.store.trade(orders=12, seed=4, day=TODAY)
    world.sync()
    before = list(Posting.objects.order_by("pk").values())
    world.books.log.clear()
    reconciled(world)
    assert {method for method, *_ in world.books.log} == {"GET"}
    assert list(Posting.objects.order_by("pk").values()) == before


def test_late_arrivals_of_a_closed_period_agree(world: World) -> None:
    world.target.lock_date = dt.date.today() + dt.timedelta(days=3)
    world.target.save()
    world.store.trade(orders=6, seed=4, day=TODAY)
    world.sync()
    world.target.lock_date = None
    world.target.save()
    reconciled(world)
    assert Posting.objects.filter(resource="invoice").exists()
    assert unsettled() == []


def test_a_late_arrival_agrees_whatever_its_document_says(world: World) -> None:
    """The journal knows its true day; the words on a document are the mapping's, and a person's."""
    world.target.lock_date = dt.date.today() + dt.timedelta(days=3)
    world.target.save()
    world.place(kind="shipped_unpaid")
    world.sync()
    late = Posting.objects.get(resource="invoice")
    assert late.date and late.business_date and late.date > late.business_date
    Posting.objects.filter(pk=late.pk).update(document={**late.document, "notes": "Thank you."})
    reconciled(world)
    assert unsettled() == []


def test_orders_edited_and_adjusted_or_ignored_agree(world: World) -> None:
    for how in ("adjust", "reinvoice", "ignore"):
        order = booked(world, {"a": 100, "b": 20})
        edit(world, order, {"a": 90, "c": 50})
        world.sync()
        record = world.flow.records.get(number=world.number(order))
        assert record.reason == "edited_after_posting"
        if how == "ignore":
            decisions.accept_edit(record, "booked by hand", None)
        else:
            decisions.follow_edit(record, how, record.problem["digest"], None)
        world.work()
    reconciled(world)
    assert unsettled() == []


def test_a_flow_that_books_no_payments_agrees(make_world: Callable[..., World]) -> None:
    world = make_world(payments="off")
    world.store.trade(orders=8, seed=4, day=TODAY)
    world.sync()
    reconciled(world)
    assert unsettled() == []


def test_a_held_order_is_accounted_for(world: World) -> None:
    world.place(kind="no_email")
    order = booked(world, {"a": 100})
    edit(world, order, {"a": 120})
    world.sync()
    run = reconciled(world)
    assert (unsettled(), run.counts["held"]) == ([], 2)
