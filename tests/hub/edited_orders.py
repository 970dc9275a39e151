"""Orders of a few plain lines, and their edits in the store: the same order, with other lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tests.hub.world import World

NONE = ("tax_amount", "discount_amount", "discount_tax_compensation_amount", "shipping_amount", "shipping_tax_amount")
PRICE = ("price", "row_total", "price_incl_tax", "row_total_incl_tax")
WORTH = ("subtotal", "subtotal_incl_tax", "grand_total", "total_due")


def place(world: World, lines: Mapping[str, int], kind: str = "shipped_unpaid") -> dict[str, Any]:
    """Placed and booked."""
    order = _with(world.place(kind=kind), lines)
    world.place(order=order)
    world.sync()
    assert world.record().state == "posted", world.record().message
    return order


def edit(world: World, order: Mapping[str, Any], lines: Mapping[str, int]) -> None:
    world.place(order=_with(order, lines))


def priced(world: World, net: str, *, tax: str, rate: str) -> dict[str, Any]:
    """One line with one tax, in every amount as the store says; placed and worked on."""
    order = _with(world.place(kind="shipped_unpaid"), {"a": 1})
    [item] = order["items"]
    gross = float(Decimal(net) + Decimal(tax))
    item |= {**_all(PRICE, float(net)), **_all(("tax_amount",), float(tax)), "tax_percent": float(rate)}
    header = {**_all(("subtotal",), float(net)), **_all(("tax_amount",), float(tax))}
    order |= {**header, **_all(("subtotal_incl_tax", "grand_total", "total_due"), gross)}
    world.place(order=order)
    world.sync()
    return order


def _with(order: Mapping[str, Any], lines: Mapping[str, int]) -> dict[str, Any]:
    """The name of a line stays its id. Numbers as JSON carries them."""
    order = json.loads(json.dumps(order, default=float))
    template = {**order["items"][0], "product_type": "simple", "qty_ordered": 1, **_all(NONE, 0)}
    items = [
        {**template, "item_id": ord(name), "sku": name, "name": name, **_all(PRICE, amount)}
        for name, amount in lines.items()
    ]
    header = {**_all(NONE, 0), **_all(WORTH, sum(lines.values()))}
    return {**order, **header, "items": items, "extension_attributes": {}}


def _all(names: Iterable[str], amount: float) -> dict[str, float]:
    """In the order's currency and in the shop's own."""
    return {f"{base}{name}": float(amount) for name in names for base in ("", "base_")}
