"""An order of a few plain lines in the place of its own, or sold to somebody else: what is asked of the store is then known
to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zlib import crc32

from connectors.bigcommerce.sandbox.money import ZERO, written
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.shop import Shop

CHARGES = tuple(f"{name}_cost" for name in ("shipping", "handling", "wrapping"))
LONGEST_SKU = 64
NONE = ("discount_amount", "coupon_discount", "store_credit_amount", "gift_certificate_amount")


def with_lines(shop: Shop, order: Row, lines: Mapping[str, Any]) -> None:
    """`lines`: name → net amount, or {"net", "tax", "rate"}. A line's name gives it its id, which it keeps."""
    told = {name: line if isinstance(line, Mapping) else {"net": line} for name, line in lines.items()}
    template, id = shop.of("products", order)[0], order["id"]
    shop.parts["products"][id] = [{**template, **_row(name, line)} for name, line in told.items()]
    shop.parts["taxes"][id] = [_tax(order, name, line) for name, line in told.items() if line.get("tax")]
    shop.parts["shipping_addresses"][id] = [
        {**one, **_cost("cost", ZERO, ZERO)} for one in shop.of("shipping_addresses", order)
    ]
    for part in ("coupons", "fees"):
        shop.parts[part][id] = []
    net = sum((_amount(line, "net") for line in told.values()), ZERO)
    tax = sum((_amount(line, "tax") for line in told.values()), ZERO)
    free = {name: value for charge in CHARGES for name, value in _cost(charge, ZERO, ZERO).items()}
    sums = {f"{name}_{part}": value for name in ("subtotal", "total") for part, value in _parts(net, tax).items()}
    order |= {**free, **sums, **dict.fromkeys(NONE, written(ZERO)), "items_total": len(told)}


def sold_to(shop: Shop, order: Row, email: str) -> None:
    """Somebody without an account."""
    order |= {"customer_id": 0, "billing_address": {**order["billing_address"], "email": email}}


def _row(name: str, line: Mapping[str, Any]) -> Row:
    net, tax = _amount(line, "net"), _amount(line, "tax")
    words = {**dict.fromkeys(("name", "name_customer", "name_merchant"), name), "sku": name[:LONGEST_SKU]}
    sums = {f"{unit}_{part}": value for unit in ("price", "total") for part, value in _parts(net, tax).items()}
    return {
        "id": _id(name),
        **words,
        **sums,
        **_cost("wrapping_cost", ZERO, ZERO),
        "base_price": written(net),
        "base_total": written(net),
        "quantity": 1,
        "applied_discounts": [],
        "product_options": [],
        "discounted_total_inc_tax": written(net + tax),
    }


def _id(name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass"))


def _tax(order: Row, name: str, line: Mapping[str, Any]) -> Row:
    return {
        "id": _id(name),
        "order_id": order["id"],
        "name": "Sales Tax",
        "class": "Default Tax Class",
        "rate": written(_amount(line, "rate")),
        "priority": 1,
        "line_amount": written(_amount(line, "tax")),
        "order_product_id": str(_id(name)),
        "line_item_type": "item",
    }


def _cost(name: str, net: Decimal, tax: Decimal) -> Row:
    return {f"base_{name}": written(net), **{f"{name}_{part}": value for part, value in _parts(net, tax).items()}}


def _parts(net: Decimal, tax: Decimal) -> dict[str, str]:
    return {"ex_tax": written(net), "inc_tax": written(net + tax), "tax": written(tax)}


def _amount(line: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(str(line.get(name, 0)))
