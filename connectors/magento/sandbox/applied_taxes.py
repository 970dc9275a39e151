"""Which tax an order paid on what, by rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.money import ZERO
from connectors.magento.sandbox.pricing import Sums
from connectors.magento.sandbox.tables import Row
from connectors.magento.sandbox.tax import Share


def tax_columns(items: Sequence[Row], basket: Basket, sums: Sums, base: Sums) -> Row:
    """`applied_taxes` for the order, `item_applied_taxes` for each row that has any, and for shipping."""
    ids = _carrier_ids(items, basket)
    products = [
        {"type": "product", "item_id": id, "applied_taxes": _merged(row.shares, base_row.shares)}
        for id, row, base_row in zip(ids, sums.rows, base.rows, strict=True)
        if row.shares
    ]
    shipping = {"type": "shipping", "applied_taxes": _merged(sums.shipping.shares, base.shipping.shares)}
    per_row = [*products, *([shipping] if sums.shipping.tax else [])]
    return {"applied_taxes": _merged(sums.shares(), base.shares()), "item_applied_taxes": per_row}


def _carrier_ids(items: Sequence[Row], basket: Basket) -> list[int]:
    rows = iter(items)
    ids = []
    for line in basket.lines:
        parent, parts = next(rows), [next(rows) for _ in line.parts]
        ids += [row["item_id"] for row in (parts if line.split else [parent])]
    return ids


def _merged(shares: Sequence[Share], base: Sequence[Share]) -> list[Row]:
    """One entry for each rate."""
    entries: dict[str, Any] = {}
    for (rate, amount), (_, base_amount) in zip(shares, base, strict=True):
        entry = entries.setdefault(
            rate.code,
            {"code": rate.code, "title": rate.title, "percent": rate.percent, "amount": ZERO, "base_amount": ZERO},
        )
        entry["amount"] += amount
        entry["base_amount"] += base_amount
    return list(entries.values())
