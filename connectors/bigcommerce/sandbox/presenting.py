"""An order as an answer shows it: links instead of what belongs to it, unless it is asked for."""

from __future__ import annotations

from collections.abc import Collection

from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.shop import Shop

HASH = "abc123"
HOST = "https://api.bigcommerce.com"
LINKED = ("products", "shipping_addresses", "coupons", "consignments", "fees")


def presented(shop: Shop, order: Row, include: Collection[str] = ()) -> Row:
    """The links hold the real host's address, whoever serves them."""
    links = {name: _link(order["id"], name) for name in LINKED}
    shown = {**links, "fees": [dict(fee) for fee in shop.of("fees", order)]} if "fees" in include else links
    return {**order, **shown}


def _link(id: int, name: str) -> Row:
    resource = f"/orders/{id}/{name}"
    return {"url": f"{HOST}/stores/{HASH}/v2{resource}", "resource": resource}
