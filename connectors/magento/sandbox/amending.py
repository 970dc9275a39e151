"""An order that is changed in place, under its own number, as extensions for order editing do: other quantities, other
sums, the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.magento.sandbox.applied_taxes import tax_columns
from connectors.magento.sandbox.baskets import fewer
from connectors.magento.sandbox.order_amounts import header_amounts
from connectors.magento.sandbox.order_items import item_rows
from connectors.magento.sandbox.paying import tender_columns
from connectors.magento.sandbox.pricing import priced
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

DONE = ("item_id", "qty_canceled", "qty_invoiced", "qty_refunded", "qty_shipped")
"""What a row keeps."""


def amended(shop: Shop, order: Row) -> Row:
    """Without its last line, or with one more of its only one. Raises KeyError for an order that was not made here."""
    basket = shop.baskets[order["entity_id"]] = fewer(shop.baskets[order["entity_id"]])
    sums, base = priced(basket, basket.rate), priced(basket, Decimal(1))
    items = _same_rows(order["items"], item_rows(shop, order["entity_id"], basket, sums, base))
    order |= {**header_amounts(sums, ""), **header_amounts(base, "base_"), "items": items}
    order["extension_attributes"] |= {**tax_columns(items, basket, sums, base), **tender_columns(basket, sums, base)}
    return order


def _same_rows(before: Sequence[Row], now: Sequence[Row]) -> list[Row]:
    """Rows stand in the order of the basket, whose last line alone may be gone."""
    rows = [new | {name: old[name] for name in DONE} for old, new in zip(before, now, strict=False)]
    ids = {new["item_id"]: row["item_id"] for new, row in zip(now, rows, strict=True)}
    return [row | ({"parent_item_id": ids[row["parent_item_id"]]} if "parent_item_id" in row else {}) for row in rows]
