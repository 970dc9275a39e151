"""Real orders of a 2.3 shop, read from beside the clone, and our own recordings with what they must parse to."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import registry
from connectors.documents import Order
from connectors.magento import customers, products, sale
from connectors.magento.shops import store_of, store_views

RECORDINGS = sorted((registry.HERE / "magento" / "recordings").glob("order_*.json"))


def real_orders(shared: Path) -> dict[str, Order]:
    folder = shared / "vendors" / "magento" / "examples"
    stores = store_views(read(folder / "oca_get_store_storeConfigs.json"))
    found = {path.stem: read(path) for path in folder.glob("oca_get_orders_*.json")}
    return {
        name: sale.order_from({"order": order, "store": store_of(stores, order["store_id"])})
        for name, order in found.items()
    }


def read(path: Path) -> Any:
    return json.loads(path.read_text(), parse_float=Decimal)


def test_every_real_order_adds_up_exactly(shared: Path) -> None:
    found = real_orders(shared)
    assert found
    for name, order in found.items():
        assert order.lines_total == order.total, name
        assert order.residual == 0, name


def test_real_items_are_counted_once_and_keep_their_tax(shared: Path) -> None:
    edited = real_orders(shared)["oca_get_orders_9"]
    assert [(line.sku, line.net, line.tax) for line in edited.lines] == [
        ("MH09-XS-Blue", Decimal(138), Decimal("11.39")),
        ("RACER", Decimal(224), Decimal("18.48")),
        ("", Decimal(5), 0),
    ]
    assert edited.lines[0].taxes[0].name == "US-MI-*-Rate 1"


def test_of_the_real_edited_pair_only_the_new_order_is_a_sale(shared: Path) -> None:
    found = real_orders(shared)
    old, new = found["oca_get_orders_9"], found["oca_get_orders_10"]
    assert (old.stage, old.replaced_by, old.replaces) == ("canceled", new.number, "")
    assert (new.stage, new.replaces, new.replaced_by) == ("placed", old.number, "")


def test_a_real_discounted_order_is_not_discounted_twice(shared: Path) -> None:
    found = real_orders(shared)["oca_get_orders_11"]
    assert [(line.net, line.discount) for line in found.lines] == [
        (Decimal("55.20"), Decimal("13.80")),
        (Decimal("179.20"), Decimal("44.80")),
    ]
    assert (found.total, found.timezone) == (Decimal("253.74"), "Europe/Amsterdam")


def test_real_customers_and_products_are_read(shared: Path) -> None:
    folder = shared / "vendors" / "magento" / "examples"
    people = [
        customers.customer_from({"customer": read(path)}) for path in sorted(folder.glob("oca_get_customers_*.json"))
    ]
    assert {(one.email, one.billing.region_code, one.company) for one in people} == {
        ("roni_cost@example.com", "MI", ""),
        ("benjamin@goff.com", "", ""),
        ("clay@lock.nl", "", "Clay Company"),
    }
    things = [products.product_from({"product": read(path)}) for path in sorted(folder.glob("oca_get_products_*.json"))]
    assert {(one.sku, one.price, one.active) for one in things} == {
        ("MH01", 0, True),
        ("RACER", 224, True),
        ("bla/koe", 1, True),
    }


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_parses_to_what_is_written_beside_it(path: Path) -> None:
    order = sale.order_from(read(path))
    assert json.loads(order.model_dump_json()) == read_plain(path.parent / "parsed" / path.name)
    assert order.lines_total + order.residual == order.total
    assert all(refund.lines_total == refund.total for refund in order.refunds)


def read_plain(path: Path) -> Any:
    return json.loads(path.read_text())
