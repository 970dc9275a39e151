"""The vendor's real payloads, read from beside this clone: every order parses to lines that add up to its total."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Webhook
from connectors.bigcommerce import webhooks
from connectors.bigcommerce.customers import customer_from
from connectors.bigcommerce.products import product_from
from connectors.bigcommerce.reading import rows
from connectors.bigcommerce.sale import order_from
from tests.connectors.bigcommerce.rows import line
from tests.connectors.bigcommerce.rows import order as any_order

ZONE = {"timezone": {"name": "America/Chicago"}}
SILENT = ("store/customer/deleted", "store/customer/payment", "store/product/deleted", "store/shipment")
PLACES: tuple[tuple[str, Callable[[dict[str, Any]], object]], ...] = (
    ("store/customer/address", lambda data: data["address"]["customer_id"]),
    ("store/sku/inventory", lambda data: data["inventory"]["product_id"]),
    ("store/sku", lambda data: data["sku"]["product_id"]),
    ("store/", lambda data: data["id"]),
)
"""Start of a scope → where its record's id stands; an address event's own id is the address's."""


@pytest.fixture
def examples(shared: Path) -> Path:
    return shared / "vendors" / "bigcommerce" / "examples"


def read(path: Path) -> Any:
    return json.loads(path.read_text(), parse_float=Decimal)


def answers(folder: Path) -> Iterator[tuple[str, Any]]:
    """Every record of every example, out of whatever holds it."""
    for path in sorted(folder.glob("*.json")):
        content = read(path)
        exchanges = content if isinstance(content, list) and content and "response" in content[0] else None
        for body in [one["response"] for one in exchanges] if exchanges else [content]:
            found = body if isinstance(body, list) else rows(body) if "data" in body else [body]
            yield from ((path.stem, row) for row in found if isinstance(row, dict))


def orders(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(stem, row) for stem, row in answers(folder) if "total_inc_tax" in row and "date_created" in row]


def lines_of(folder: Path, order: dict[str, Any]) -> list[dict[str, Any]]:
    """As recorded; where no lines were, one that is the order's own subtotal."""
    recorded = [row for _, row in answers(folder) if row.get("order_id") == order["id"] and "price_inc_tax" in row]
    off = Decimal(order["discount_amount"]) + Decimal(order["coupon_discount"])
    applied = [{"id": "manual-discount", "amount": str(off)}] if off else []
    whole = line(1, order["subtotal_ex_tax"], order["subtotal_inc_tax"], tax=order["subtotal_tax"])
    return recorded or [{**whole, "applied_discounts": applied}]


def test_every_real_order_parses_to_lines_that_add_up_to_its_total(examples: Path) -> None:
    found = orders(examples)
    assert len({row["id"] for _, row in found}) >= 10
    for stem, raw in found:
        order = order_from({"order": raw, "products": lines_of(examples, raw), "store": ZONE})
        assert order.lines_total == order.total == Decimal(raw["total_inc_tax"]), stem
        assert order.residual == 0 and order.tax_total == Decimal(raw["total_tax"]), stem
        assert not [one for one in order.lines if one.id == "rounding"], stem


def test_the_real_order_519_is_2400_with_tax_125_12(examples: Path) -> None:
    raw = read(examples / "appse_order_519_taxinclusive_manual_discount_get.json")
    order = order_from(
        {
            "order": raw,
            "products": read(examples / "appse_order_519_products.json"),
            "shipping_addresses": read(examples / "appse_order_519_shipping_addresses.json"),
            "store": ZONE,
        }
    )
    [bottle] = order.lines
    assert (order.total, order.tax_total, order.prices_include_tax) == (Decimal("2400.00"), Decimal("125.12"), True)
    assert (bottle.quantity, bottle.net, bottle.tax) == (10, Decimal("2274.88"), Decimal("125.12"))
    assert bottle.discount == Decimal("94.79") and order.discount_names == ("Manual Discount",)
    assert (order.stage, order.payments, order.shipping_method) == ("placed", (), "")


def test_every_real_customer_and_product_is_read(examples: Path) -> None:
    people = [row for stem, row in answers(examples) if "customers_" in stem and "email" in row]
    things = [row for stem, row in answers(examples) if stem == "nango_products_v3_list"]
    assert len(people) > 3 and len(things) > 1
    assert all(customer_from({"customer": row}).email for row in people)
    assert all(product_from({"product": row, "store": {"currency": "USD"}}).price for row in things)
    assert "<" not in product_from({"product": things[0]}).description


def test_the_real_transaction_is_money(examples: Path) -> None:
    [transaction] = read(examples / "aligent_v3_orders__transactions__get.json")["data"]
    head = any_order("1.00", id=121)
    order = order_from({"order": head, "products": [line(1, "1", "1")], "transactions": [transaction], "store": ZONE})
    [payment] = order.payments
    assert (payment.id, payment.amount, payment.method) == ("85926313", 1, "squarev2")


def test_the_refund_of_the_documentation_was_declined_and_does_not_add_up_anyway(examples: Path) -> None:
    [given] = read(examples / "aligent_v3_orders__order_refunds__get_all.json")["data"]
    head = any_order("10.00", id=1)
    order = order_from({"order": head, "products": [line(1, "10", "10")], "refunds": [given], "store": ZONE})
    assert order.refunds == ()
    paid = {**given, "payments": [{**one, "is_declined": False} for one in given["payments"]]}
    order = order_from({"order": head, "products": [line(1, "10", "10")], "refunds": [paid], "store": ZONE})
    [back] = order.refunds
    assert (back.total, back.lines_total, back.residual) == (Decimal("1.99"), Decimal("0.05"), Decimal("1.94"))


def test_every_official_webhook_names_its_record_or_nothing(examples: Path) -> None:
    found = sorted((examples / "webhooks").glob("*.json"))
    assert len(found) > 20
    for path in found:
        told = read(path)
        notices = list(webhooks.notices(Webhook(path.read_bytes(), {})))
        place = next(place for start, place in PLACES if told["scope"].startswith(start))
        wanted = [] if told["scope"].startswith(SILENT) else [str(place(told["data"]))]
        assert [notice.id for notice in notices] == wanted, path.stem
