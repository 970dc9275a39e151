"""What each path of the generic profile answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.clarity.sandbox.refusals import invalid, missing
from connectors.clarity.sandbox.scenes import exact
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row
from connectors.sandbox import Call

NAMES = {"orders": "order", "payments": "payment", "customers": "customer", "refunds": "refund", "products": "product"}
PATCHED: Mapping[str, tuple[str, ...]] = {"orders": ("externalIds", "notes", "status")}
"""What others may change."""


def listed(shop: Shop, call: Call) -> list[Row]:
    return list(getattr(shop, call.params["name"]))


def shown(shop: Shop, call: Call) -> Row:
    name, id = call.params["name"], call.params["id"]
    found: Row | None = getattr(shop, name).get(id)
    if found is None:
        raise missing(NAMES[name], id)
    return found


def payments_of_order(shop: Shop, call: Call) -> list[Row]:
    return shop.payments_of(shown(shop, call))


def me(shop: Shop, call: Call) -> Row:
    return {"id": "usr_1", "name": "Integration", "tenant": "shop-1"}


def patched(shop: Shop, call: Call) -> Row:
    """The fields that are named are replaced; ids of other systems are kept beside each other."""
    order, given = shown(shop, call), call.json()
    if not isinstance(given, dict):
        raise invalid("body", "Not an object")
    by_name = {name.lower(): value for name, value in given.items()}
    changes = {name: exact(by_name[name.lower()]) for name in PATCHED["orders"] if name.lower() in by_name}
    if "externalIds" in changes:
        changes["externalIds"] = {**order["externalIds"], **changes["externalIds"]}
    order = shop.save(shop.orders, {**order, **changes})
    shop.announce("order.updated", order)
    return order


ID, NAME = r"(?P<id>[^/]+)", r"(?P<name>orders|payments|customers|refunds|products)"
View = Callable[[Shop, Call], Any]
LISTS: tuple[tuple[str, View], ...] = (
    (f"/{NAME}", listed),
    (f"/(?P<name>orders)/{ID}/payments", payments_of_order),
)
RECORDS: tuple[tuple[str, str, View], ...] = (
    ("GET", "/me", me),
    ("GET", f"/{NAME}/{ID}", shown),
    ("PATCH", f"/(?P<name>orders)/{ID}", patched),
)
