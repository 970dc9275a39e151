"""Recorded orders are served as they were recorded, and ours have their shape."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.magento.sandbox import sandbox
from connectors.magento.sandbox.counted import carriers
from tests.connectors.magento.calling import ask, got, listed

ORDERS = ("9", "10", "11", "12", "12_v2")


def recorded(shared: Path, name: str) -> Any:
    return json.loads((shared / f"vendors/magento/examples/oca_get_{name}.json").read_text())


def shape(value: Any) -> str:
    return (
        "number" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else type(value).__name__
    )


@pytest.mark.parametrize("name", ORDERS)
def test_a_recorded_order_is_served_verbatim(shared: Path, name: str) -> None:
    shop, order = sandbox(), recorded(shared, f"orders_{name}")
    shop.place({"order": order})
    assert json.loads(ask(shop, "GET", f"orders/{order['entity_id']}").encoded()) == order
    (found,) = listed(shop, "orders", ("increment_id", "eq", order["increment_id"]))
    assert found["entity_id"] == order["entity_id"]


@pytest.mark.parametrize("rule", ["raw", "net", "net_clamped", "rounded"])
def test_a_recorded_order_plays_by_every_rule_for_its_row_totals(shared: Path, rule: str) -> None:
    shop, order = sandbox(), recorded(shared, "orders_11")
    shop.place({"order": order})
    shop.switch["row_total"] = rule
    rows = carriers(got(shop, "orders/11")["items"])
    expected = Decimal(293) if rule == "raw" else Decimal("234.4")
    assert sum(Decimal(row["row_total"]) for row in rows) == expected


@pytest.mark.parametrize("name", ["11", "12_v2"])
def test_a_recorded_order_can_be_captured_and_refunded(shared: Path, name: str) -> None:
    shop, order = sandbox(), recorded(shared, f"orders_{name}")
    shop.place({"order": order})
    invoice = shop.place({"capture": order["increment_id"]})
    assert float(invoice["grand_total"]) == order["grand_total"]
    assert float(invoice["subtotal"]) == order["subtotal"]
    memo = shop.place({"refund": order["increment_id"]})
    assert memo["grand_total"] == invoice["grand_total"]
    assert got(shop, f"orders/{order['entity_id']}")["state"] == "closed"


def test_a_new_order_does_not_take_a_recorded_number(shared: Path) -> None:
    shop = sandbox()
    shop.place({"order": recorded(shared, "orders_12")})
    numbers = {shop.place({"kind": "company"})["increment_id"] for _ in range(20)}
    assert "000000015" not in numbers


def test_our_orders_have_the_recorded_shape(shared: Path) -> None:
    samples = [recorded(shared, f"orders_{name}") for name in ORDERS]
    accidental = {"customer_dob", "customer_gender", "edit_increment"}
    always = set.intersection(*(set(sample) for sample in samples)) - accidental
    shop = sandbox()
    orders = [shop.place({"kind": "simple", "seed": seed}) for seed in range(20)]
    ours = next(order for order in orders if "customer_id" in order and order["customer_firstname"])
    assert always <= set(ours)
    assert {name: shape(ours[name]) for name in always} == {name: shape(samples[0][name]) for name in always}
    for part in ("billing_address", "payment"):
        wanted = set.intersection(*(set(sample[part]) for sample in samples)) - {"customer_address_id"}
        assert wanted - {"region", "region_code", "region_id"} <= set(ours[part])
    assert set(samples[0]["extension_attributes"]) <= set(ours["extension_attributes"])


def test_our_items_have_the_recorded_shape(shared: Path) -> None:
    sample = recorded(shared, "orders_9")["items"]
    after_cancel = {name for item in sample for name in item if name.endswith("_canceled") and name != "qty_canceled"}
    ours = sandbox().place({"kind": "configurable", "seed": 1})["items"]
    for theirs, mine in ((sample[0], ours[0]), (sample[1], ours[1])):
        wanted = set(theirs) - after_cancel - {"applied_rule_ids"}
        assert wanted <= set(mine)
        assert {name: shape(mine[name]) for name in wanted} == {name: shape(theirs[name]) for name in wanted}


def test_our_invoices_and_customers_have_the_recorded_shape(shared: Path) -> None:
    shop = sandbox()
    order = shop.place({"kind": "coupon"})
    (invoice,) = listed(shop, "invoices", ("order_id", "eq", str(order["entity_id"])))
    sample = json.loads((shared / "vendors/magento/examples/docs_create_invoice_1_order_or_invoice.json").read_text())
    assert set(sample) - {"email_sent", "shipping_address_id"} <= set(invoice)
    assert set(sample["items"][0]) <= set(invoice["items"][0])
    customer = recorded(shared, "customers_4")
    assert set(customer) - {"gender"} <= set(got(shop, "customers/3"))
    assert set(customer["addresses"][0]) <= set(got(shop, "customers/3")["addresses"][0])


def test_what_the_shop_tells_has_the_recorded_shape(shared: Path) -> None:
    shop = sandbox()
    for name in ("storeConfigs", "storeViews", "websites"):
        assert set(got(shop, f"store/{name}")[0]) == set(recorded(shared, f"store_{name}")[0])
    assert set(recorded(shared, "products_RACER")) <= set(got(shop, "products/MUG-01"))
    reply = ask(shop, "POST", f"orders/{shop.place({})['entity_id']}/comments", {"statusHistory": {"comment": "x"}})
    assert json.loads(reply.encoded()) == recorded_reply(shared)


def recorded_reply(shared: Path) -> Any:
    return json.loads((shared / "vendors/magento/examples/oca_post_orders_12_comments.json").read_text())
