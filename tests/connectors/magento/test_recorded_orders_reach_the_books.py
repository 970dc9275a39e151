"""The orders of a real shop, as recorded: from the webhook to the books, under each rounding rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Webhook
from hub.intake.inbox import receive
from hub.models import SyncRecord
from tests.hub.world import World, kinds, open_world

EXPECTED = {
    "oca_get_orders_9": ("skipped", "canceled"),
    "oca_get_orders_10": ("skipped", "not_accepted"),
    "oca_get_orders_11": ("skipped", "not_accepted"),
    "oca_get_orders_12": ("skipped", "not_accepted"),
    "oca_get_orders_12_v2": ("posted", ""),
}
RULES = [(point, mode) for point in ("line", "tax", "total") for mode in ("half_up", "half_even", "down")]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    made = open_world("magento", kinds("books")[0])
    yield made
    made.store.close()
    made.books.close()


def recorded(shared: Path) -> dict[str, dict[str, Any]]:
    folder = shared / "vendors" / "magento" / "examples"
    return {
        path.stem: json.loads(path.read_text(), parse_float=Decimal) for path in folder.glob("oca_get_orders_*.json")
    }


def ring(world: World, entity_id: int) -> None:
    secret = world.store.connection_settings()["webhook_secret"]
    body = json.dumps({"event": "order", "entity_id": entity_id}).encode()
    stored = receive(world.source, Webhook(body=body, headers={"x-webhook-secret": secret}))
    assert stored.verified, stored.problem


def test_every_recorded_order_ends_where_it_should(world: World, shared: Path) -> None:
    for name, order in sorted(recorded(shared).items()):
        world.place(order=order)
        ring(world, order["entity_id"])
        world.work()
        record = SyncRecord.objects.get(source_id=str(order["entity_id"]))
        assert (record.state, record.reason) == EXPECTED.get(name, (record.state, record.reason)), name
        assert record.total == Decimal(str(order["grand_total"])), name


@pytest.mark.parametrize(("point", "mode"), RULES)
def test_every_recorded_order_once_accepted_is_invoiced_to_the_cent(
    world: World, shared: Path, point: str, mode: str
) -> None:
    world.books.switch.update(rounding_point=point, rounding_mode=mode)
    for order in recorded(shared).values():
        if order["state"] == "canceled":
            continue
        world.place(order={**order, "state": "processing", "status": "processing"})
        ring(world, order["entity_id"])
        world.work()
        [invoice] = [one for one in world.invoices if one["po_number"] == order["increment_id"]]
        assert Decimal(invoice["amount"]["amount"]) == Decimal(str(order["grand_total"]))


def test_an_edited_pair_yields_one_invoice(world: World, shared: Path) -> None:
    orders = recorded(shared)
    edited = {**orders["oca_get_orders_10"], "state": "processing", "status": "processing"}
    for order in (edited, orders["oca_get_orders_9"]):
        world.place(order=order)
        ring(world, order["entity_id"])
    world.work()
    assert [invoice["invoice_number"] for invoice in world.invoices] == ["000000013-1"]


def test_a_configurable_is_not_counted_twice(world: World, shared: Path) -> None:
    order = {**recorded(shared)["oca_get_orders_10"], "state": "processing"}
    world.place(order=order)
    ring(world, order["entity_id"])
    world.work()
    [invoice] = world.invoices
    assert [line["amount"]["amount"] for line in invoice["lines"]] == ["69.00", "224.00", "5.00"]
