"""Products become items and follow the shop; invoices that were posted keep the prices of their day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from connectors.base import Notice
from connectors.freshbooks.connector import FreshBooks
from hub.configuration import apply
from hub.intake.inbox import accept
from hub.models import Event, SyncRecord
from tests.hub.world import World, kinds, open_world


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = open_world("magento", kinds("books")[0])
    flow = {"name": "catalogue", "preset": "magento-product-to-item", "source": "store", "target": "books"}
    apply(json.dumps({"version": 1, "flows": [{**flow, "enabled": True}]}), environment={})
    yield world
    world.store.close()
    world.books.close()


def product(world: World, **fields: Any) -> None:
    """With a count in stock."""
    stock = {"extension_attributes": {"stock_item": {"qty": fields.pop("count", 5)}, "website_ids": [1]}}
    world.store.place({"product": {"id": 900, "sku": "CUP", "name": "Cup", "price": 12.5, **stock, **fields}})
    sync(world, "product", "900")


def sync(world: World, resource: str, id: str) -> None:
    """This record alone: the shop has many more products."""
    accept(world.source, Notice(resource, id), door=Event.Door.HAND)
    world.work()


def item(world: World) -> dict[str, Any]:
    [found] = [row for row in world._living("items") if row["sku"] == "CUP"]
    return found


def test_a_product_becomes_an_item_with_its_count_and_follows_its_price(world: World) -> None:
    product(world)
    assert (item(world)["unit_cost"]["amount"], item(world)["inventory"]) == ("12.50", "5")
    product(world, price=13, count=4)
    assert (item(world)["unit_cost"]["amount"], item(world)["inventory"]) == ("13.00", "4")


def test_books_that_keep_no_counts_get_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = FreshBooks.capabilities
    monkeypatch.setattr(FreshBooks, "capabilities", lambda self: replace(told(self), inventory=False))
    product(world)
    assert item(world)["inventory"] in ("0", "", None)


def test_an_item_s_new_price_rewrites_no_invoice(world: World) -> None:
    order = world.store.place({"kind": "simple", "seed": 1})
    sync(world, "order", str(order["entity_id"]))
    before = world.invoices
    skus = {line["sku"] for line in order["items"]}
    for row in [one for one in world.store.state()["products"] if one["sku"] in skus]:
        world.store.place({"product": {**row, "price": 99}})
        sync(world, "product", str(row["id"]))
    assert {one["unit_cost"]["amount"] for one in world._living("items") if one["sku"] in skus} == {"99.00"}
    assert world.invoices == before


def test_a_product_with_a_like_name_is_shown_to_a_person(world: World) -> None:
    world.books.place({"item": {"name": "Cup", "sku": "C-UP", "unit_cost": {"amount": "12.50", "code": "USD"}}})
    product(world)
    record = SyncRecord.objects.get(flow__name="catalogue", source_id="900")
    assert (record.state, record.reason) == ("held", "maybe_known")
    assert record.problem["candidates"][0]["likeness"].startswith("100 %")
