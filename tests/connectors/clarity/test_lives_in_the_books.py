"""What is peculiar to these sites, from the site to the books: surcharges, payments that come first, words that nobody
explained, sums that do not close, refunds that only grow."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from connectors.base import Notice
from connectors.models import Connection
from connectors.sandbox import Fault
from hub.engine import decisions
from hub.engine.calling import OUTAGE
from hub.intake.inbox import accept
from hub.intake.subscribing import webhook_url
from hub.models import SyncRecord
from tests.hub.world import World, kinds, open_world
from tests.oracle import violations


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    made = open_world("clarity", kinds("books")[0])
    yield made
    made.store.close()
    made.books.close()


def amounts(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str(Decimal(row["amount"]["amount"])) for row in rows)


def test_a_surcharge_is_a_line_so_that_invoice_and_payment_agree(world: World) -> None:
    order = world.place(kind="surcharge", seed=2)
    world.sync()
    [payment] = world.store.state()["payments"]
    [invoice] = world.invoices
    assert amounts([invoice]) == amounts(world.payments) == [payment["amount"]]
    assert Decimal(payment["amount"]) == Decimal(order["total"]) + Decimal(payment["surchargeAmount"])
    assert [line["amount"]["amount"] for line in invoice["lines"] if line["name"] == "Surcharge"]


def test_a_payment_before_its_order_waits_and_goes_through_by_itself(world: World) -> None:
    payment = world.place(pay_ahead="12.00")
    world.poll()
    world.work(patience=0)
    assert (world.record().state, world.record().reason) == ("waiting", "not_there_yet")
    world.place(kind="approved", lines={"a": "12.00"})
    world.work(patience=10)
    assert world.record().state == "posted"
    assert amounts(world.payments) == ["12.00"] == amounts(world.invoices)
    assert payment["transactionId"] in world.payments[0]["note"]


def test_a_payment_told_by_its_own_id_finds_its_order(world: World) -> None:
    world.place(kind="simple", seed=1)
    accept(world.source, Notice("order", lookup="payment=pay_1"), door="webhook")
    world.work()
    assert world.record().state == "posted"


def test_a_status_that_nobody_explained_is_held_and_booked_once_it_is(world: World) -> None:
    world.place(kind="puzzle", seed=1)
    world.sync()
    record = world.record()
    assert (record.state, record.reason) == ("held", "unknown_status")
    assert record.problem["value"] == "Backordered at vendor" and "status_map" in record.problem["field"]
    world.source.settings |= {"status_map": {"backordered AT vendor": "open"}}
    world.source.save()
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert world.record().state == "posted" and len(world.invoices) == 1


def test_a_payment_whose_status_nobody_explained_is_held(world: World) -> None:
    order = world.place(kind="simple", seed=1)
    [payment] = world.store.state()["payments"]
    world.place(order=order, payments=[{**payment, "status": "Settled"}])
    world.sync()
    assert (world.record().state, world.record().reason) == ("held", "unknown_payment_status")


def test_an_order_that_does_not_add_up_within_a_cent_is_held(world: World) -> None:
    order = world.place(kind="approved", lines={"a": "10.00", "b": "5.00", "c": "1.00"})
    world.place(order={**order, "total": "16.02"})
    world.sync()
    assert (world.record().state, world.record().reason) == ("held", "does_not_add_up")
    world.place(order={**order, "total": "16.01"})
    world.source.refresh_from_db()
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert world.record().state == "posted" and amounts(world.invoices) == ["16.01"]


def test_what_went_back_in_all_is_credited_as_it_grows(world: World) -> None:
    """Only a payment's own sum tells of it."""
    world.store.switch |= {"lacking": ["refunds"], "refund_touches_order": True}
    order = world.place(kind="partial_refund", seed=4)
    world.sync()
    [first] = amounts(world.credit_notes)
    world.place(refund_adjustment=order["increment_id"])
    world.sync()
    assert amounts(world.credit_notes) == sorted([first, "4.75"], key=str)
    world.sync()
    assert len(world.credit_notes) == 2


def test_two_accounts_with_one_address_are_one_client(world: World) -> None:
    for seed in range(6):
        world.place(kind="twins", seed=seed)
    world.sync()
    assert {order["customerId"] for order in world.store.state()["orders"]} == {"cus_77", "cus_80"}
    assert len(world.clients) == 1 and len(world.invoices) == 6


def test_odd_numbers_of_products_keep_no_order_from_the_books(world: World) -> None:
    world.place(kind="odd_sku", seed=1)
    world.sync()
    assert world.record().state == "posted"
    assert violations(world.store.expectations(), world.books.state()) == []


def test_a_third_decimal_that_the_books_cannot_keep_is_held(world: World) -> None:
    world.place(kind="fils", seed=1)
    world.sync()
    assert (world.record().state, world.record().reason) == ("held", "tax_differs")


def test_a_refund_that_moves_nothing_but_itself_is_found_by_polling(world: World) -> None:
    order = world.place(kind="simple", seed=3)
    world.sync()
    world.place(refund=order["increment_id"])
    world.sync()
    assert amounts(world.credit_notes) == [order["total"]]


def test_the_invoices_number_is_written_back_once_and_does_not_come_round_again(world: World) -> None:
    world.place(kind="simple", seed=3)
    for _ in range(3):
        world.sync()
    [told] = world.store.told().values()
    assert told == [world.invoices[0]["invoice_number"]]
    assert sum(method == "PATCH" for method, _, _ in world.store.log) == 1


def test_webhooks_that_were_deleted_at_the_site_are_healed_by_the_next_poll(world: World, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://hub.example.com"
    world.store.hook = {"hold": True}
    hooks = world.store.shop.webhooks  # type: ignore[attr-defined]
    for _ in range(2):
        world.poll()
        [hook] = hooks
        assert hook["url"] == webhook_url(world.source) == "https://hub.example.com/webhooks/store/"
        hooks.remove(hook["id"])
    world.store.switch["denied"] = ["webhooks"]
    world.place(kind="simple", seed=3)
    world.sync()
    assert world.record().state == "posted", "whoever may not register webhooks may read orders all the same"


@pytest.mark.parametrize("fault", ["status", "reset"])
def test_webhooks_that_are_out_of_order_keep_no_order_from_being_read(
    world: World, settings: Settings, fault: str
) -> None:
    settings.PUBLIC_URL = "https://hub.example.com"
    world.store.faults = [Fault(fault, path="webhooks", status=503, times=-1)]
    for seed in range(OUTAGE):
        world.place(kind="simple", seed=seed)
        world.poll()
    world.work()
    assert len(world.invoices) == OUTAGE


def test_a_login_that_may_not_write_to_orders_goes_on_reading_and_posting_them(world: World) -> None:
    world.store.switch["denied"] = ["PATCH orders"]
    for seed in (1, 2):
        world.place(kind="simple", seed=seed)
        world.sync()
    world.source.refresh_from_db()
    assert world.source.state == Connection.State.OK
    assert len(world.invoices) == len(world.payments) == 2
