"""The rows of an order as the database holds them: raw `row_total`, no nested copies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from connectors.magento.sandbox.baskets import Basket, CartLine
from connectors.magento.sandbox.money import ZERO, cents, number
from connectors.magento.sandbox.pricing import Sums
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.magento.sandbox.tax import TaxedRow

AMOUNTS: dict[str, Callable[[TaxedRow], Decimal]] = {
    "price": lambda row: row.price,
    "price_incl_tax": lambda row: row.price_incl_tax,
    "original_price": lambda row: row.price,
    "row_total": lambda row: row.row_total,
    "row_total_incl_tax": lambda row: row.row_total_incl_tax,
    "tax_amount": lambda row: row.tax,
    "discount_amount": lambda row: row.discount,
    "discount_tax_compensation_amount": lambda row: row.compensation,
}
PROGRESS = ("row_invoiced", "tax_invoiced", "discount_invoiced", "amount_refunded")


@dataclass(frozen=True)
class Money:
    """What one carrier costs, in the order's currency and in base."""

    row: TaxedRow
    base: TaxedRow
    fee: Decimal
    base_fee: Decimal


def item_rows(shop: Shop, order_id: int, basket: Basket, sums: Sums, base: Sums) -> list[Row]:
    """Parents before their parts, in the order of the basket."""
    money = iter([Money(*four) for four in zip(sums.rows, base.rows, sums.fees, base.fees, strict=True)])
    return [row for line in basket.lines for row in _with_parts(shop, order_id, basket, line, money)]


def _with_parts(shop: Shop, order_id: int, basket: Basket, line: CartLine, money: Iterator[Money]) -> list[Row]:
    own = None if line.split else next(money)
    parent = _row(shop, order_id, basket, line) | (_amounts(own, basket) if own else {})
    parts = [_part(shop, order_id, basket, part, parent, next(money) if line.split else None) for part in line.parts]
    if line.split:
        parent |= _sum_of(parts, line.quantity)
    if line.product.kind == "configurable":
        parent["sku"] = line.parts[0].product.sku
        parent["product_option"] = {
            "extension_attributes": {"configurable_item_options": [{"option_id": "93", "option_value": 5477}]}
        }
    if line.split:
        parent["sku"] = "-".join([parent["sku"], *(part["sku"] for part in parts)])
    return [parent, *parts]


def _part(shop: Shop, order_id: int, basket: Basket, part: CartLine, parent: Row, own: Money | None) -> Row:
    row = _row(shop, order_id, basket, part) | {"parent_item_id": parent["item_id"]}
    return row | _amounts(own, basket) if own else row


def _row(shop: Shop, order_id: int, basket: Basket, line: CartLine) -> Row:
    """A row without money, as the parts of a configurable or a fixed-price bundle stay."""
    now = shop.clock.stamp()
    zero = dict.fromkeys(("price", "original_price", "row_total", "tax_amount", "discount_amount", *PROGRESS), ZERO)
    return {
        **zero,
        **{f"base_{name}": amount for name, amount in zero.items()},
        "tax_percent": ZERO,
        "discount_percent": ZERO,
        "created_at": now,
        "updated_at": now,
        "free_shipping": 0,
        "is_qty_decimal": int(line.product.decimal_quantity),
        "is_virtual": int(line.product.virtual),
        "item_id": shop.next("item"),
        "name": line.product.name,
        "no_discount": 0,
        "order_id": order_id,
        "product_id": line.product.id,
        "product_type": line.product.kind,
        **dict.fromkeys(("qty_canceled", "qty_invoiced", "qty_refunded", "qty_shipped"), ZERO),
        "qty_ordered": line.quantity,
        "quote_item_id": shop.next("quote_item"),
        "row_weight": line.product.weight * line.quantity,
        "sku": line.product.sku,
        "store_id": basket.store.id,
        "weight": line.product.weight,
    }


def _amounts(money: Money, basket: Basket) -> Row:
    return {
        **{name: amount(money.row) for name, amount in AMOUNTS.items()},
        **{f"base_{name}": amount(money.base) for name, amount in AMOUNTS.items()},
        "tax_percent": money.row.percent,
        "discount_percent": basket.coupon.percent if basket.coupon else ZERO,
        **({"applied_rule_ids": "2,3"} if basket.coupon else {}),
        **(_fixed_fee(money) if money.fee else {}),
    }


def _fixed_fee(money: Money) -> Row:
    each, base_each = money.fee / money.row.quantity, money.base_fee / money.row.quantity
    told = {"title": "Eco fee", "amount": each, "row_amount": money.fee, "base_amount": base_each}
    return {
        "weee_tax_applied": json.dumps([told], default=number),
        "weee_tax_applied_amount": each,
        "weee_tax_applied_row_amount": money.fee,
        "base_weee_tax_applied_amount": base_each,
        "base_weee_tax_applied_row_amnt": money.base_fee,
    }


def _sum_of(parts: list[Row], quantity: Decimal) -> Row:
    """A bundle priced by its contents shows their sum, and neither tax percent nor compensation."""
    names = ("row_total", "row_total_incl_tax")
    sums = {
        f"{base}{name}": sum((part[f"{base}{name}"] for part in parts), ZERO)
        for base in ("", "base_")
        for name in names
    }
    prices = {
        f"{base}{name}": cents(sums[f"{base}{total}"] / quantity)
        for base in ("", "base_")
        for name, total in zip(("price", "price_incl_tax"), names, strict=True)
    }
    return sums | prices | {"original_price": prices["price"], "base_original_price": prices["base_price"]}
