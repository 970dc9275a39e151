"""Which rows of an order carry money, and what the database holds for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from connectors.magento.sandbox.money import ZERO, cents
from connectors.magento.sandbox.tables import Row


def carriers(items: Sequence[Row]) -> list[Row]:
    """Each amount once: the parts of a bundle priced by its contents, and otherwise the parent."""
    parts: dict[int, list[Row]] = defaultdict(list)
    for item in items:
        if item.get("parent_item_id"):
            parts[item["parent_item_id"]].append(item)
    split = {id for id, rows in parts.items() if any(row.get("base_price") for row in rows)}
    return [item for item in items if _carries(item, parts, split)]


def _carries(item: Row, parts: dict[int, list[Row]], split: set[int]) -> bool:
    parent = item.get("parent_item_id")
    return parent in split if parent else item["item_id"] not in split or item["item_id"] not in parts


def raw_row_total(order: Row, item: Row, base: str = "") -> Decimal:
    """The row before its discount. A recorded order may show it after: then its rows miss the subtotal."""
    shown = item.get(f"{base}row_total") or ZERO
    rows = sum((row.get(f"{base}row_total") or ZERO for row in carriers(order["items"])), ZERO)
    if abs(rows - (order.get(f"{base}subtotal") or ZERO)) <= Decimal("0.005"):
        return Decimal(shown)
    return Decimal(shown + (item.get(f"{base}discount_amount") or ZERO))


def raw_row_total_incl_tax(order: Row, item: Row, base: str = "") -> Decimal:
    """The same with the tax before the discount."""
    if raw_row_total(order, item, base) == (item.get(f"{base}row_total") or ZERO):
        return Decimal(item.get(f"{base}row_total_incl_tax") or ZERO)
    return cents(Decimal(item.get(f"{base}price_incl_tax") or ZERO) * Decimal(item["qty_ordered"]))
