"""The spine: from an order in a store to a paid invoice in the books, to the cent."""

from __future__ import annotations

import pytest

from hub.models import Posting, SyncRecord
from tests.hub.world import World
from tests.oracle import violations


def test_a_paid_order_becomes_a_paid_invoice(world: World) -> None:
    world.place()
    world.sync()
    record = world.record()
    assert (record.state, record.reason, record.message) == ("posted", "", "")
    [invoice] = world.invoices
    assert invoice["invoice_number"] == record.number == invoice["po_number"]
    assert invoice["amount"]["amount"] == f"{record.total:.2f}"
    assert invoice["outstanding"]["amount"] == "0.00"
    assert len(world.payments) == len(world.clients) == 1


def test_a_second_look_changes_nothing(world: World) -> None:
    world.place()
    world.sync()
    before = world.books.state()
    SyncRecord.objects.update(wanted=9, due_at=SyncRecord.objects.get().created_at, state="pending")
    world.work()
    assert world.books.state() == before


def test_every_effect_is_in_the_journal(world: World) -> None:
    world.place()
    world.sync()
    states = Posting.objects.exclude(resource="item").values_list("resource", "state")
    assert sorted(states) == [("client", "done"), ("invoice", "done"), ("payment", "done")]


def test_the_store_is_told_the_invoice_number_once(world: World) -> None:
    world.place()
    world.sync()
    world.sync()
    [[said]] = world.store.told().values()
    assert world.record().number in said
    told = [one for one in world.store.log if one[0] != "GET" and "token" not in one[1] and one[2] < 300]
    assert len(told) == 1


@pytest.mark.parametrize("point", ["line", "tax", "total"])
@pytest.mark.parametrize("mode", ["half_up", "half_even", "down"])
def test_a_day_of_trade_agrees_under_each_rounding_rule(world: World, point: str, mode: str) -> None:
    world.books.switch.update(rounding_point=point, rounding_mode=mode)
    expected = world.store.trade(orders=30, seed=7, day="2026-03-02")
    world.sync()
    assert violations(expected, world.books.state()) == []
