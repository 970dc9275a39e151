"""Products become items and follow the site; numbers that are none keep nobody from the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from hub.configuration import apply
from hub.intake.polling import poll
from hub.models import SyncRecord
from tests.hub.world import World, kinds, open_world


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = open_world("clarity", kinds("books")[0])
    flow = {"name": "catalogue", "preset": "clarity-product-to-item", "source": "store", "target": "books"}
    apply(json.dumps({"version": 1, "flows": [{**flow, "enabled": True}]}), environment={})
    yield world
    world.store.close()
    world.books.close()


def sell(world: World, **fields: Any) -> None:
    world.store.place({"product": {"id": "prd_900", "sku": "CUP", "name": "Cup", "price": "12.50", **fields}})
    poll(world.source)
    world.work()


def item(world: World, sku: str = "CUP") -> dict[str, Any]:
    [found] = [row for row in world._living("items") if row["sku"] == sku]
    return found


def record(world: World) -> SyncRecord:
    return SyncRecord.objects.get(flow__name="catalogue", source_id="prd_900")


def test_a_product_becomes_an_item_with_its_count_and_follows_its_price(world: World) -> None:
    sell(world, currency="USD", inventory=5)
    assert (item(world)["unit_cost"]["amount"], item(world)["inventory"]) == ("12.50", "5")
    sell(world, currency="USD", price="13.00", inventory=4)
    assert (item(world)["unit_cost"]["amount"], item(world)["inventory"]) == ("13.00", "4")


def test_a_product_that_says_no_currency_takes_the_connections(world: World) -> None:
    world.source.settings |= {"currency": "USD"}
    world.source.save()
    sell(world)
    assert item(world)["unit_cost"]["code"] == "USD"


@pytest.mark.parametrize("sku", ["  ", None])
def test_a_product_without_a_number_is_said_and_is_no_item(world: World, sku: str | None) -> None:
    sell(world, currency="USD", sku=sku)
    assert record(world).state in ("held", "skipped", "failed") and "sku" in record(world).message.lower()
    assert not [row for row in world._living("items") if row["name"] == "Cup"]


def test_a_product_with_an_odd_number_is_an_item(world: World) -> None:
    sell(world, currency="USD", sku="SKU/ÄÖ 100%?#")
    assert item(world, "SKU/ÄÖ 100%?#")["name"] == "Cup"
