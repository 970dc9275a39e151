"""What each path of the generic profile answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.clarity.sandbox.dialect import understood
from connectors.clarity.sandbox.refusals import invalid, missing
from connectors.clarity.sandbox.scenes import exact
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row
from connectors.sandbox import Call

EVENTS = (
    "order.created", "order.updated", "order.cancelled", "customer.created", "customer.updated", "payment.captured",
    "payment.refunded",
)  # fmt: skip
NAMES = {"orders": "order", "payments": "payment", "customers": "customer", "refunds": "refund", "products": "product"}
PATCHED: Mapping[str, tuple[str, ...]] = {
    "orders": ("externalIds", "notes", "status"),
    "customers": (
        "firstName", "lastName", "email", "phone", "company", "taxId", "billingAddress", "shippingAddress", "externalIds",
    ),
}  # fmt: skip
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
    """The fields that are named are replaced, addresses whole; ids of other systems are kept beside each other."""
    name, row, given = call.params["name"], shown(shop, call), call.json()
    if not isinstance(given, dict):
        raise invalid("body", "Not an object")
    told = understood(given, shop.switch)
    changes = {field: exact(told[field]) for field in PATCHED[name] if field in told}
    if "email" in changes and "@" not in str(changes["email"]):
        raise invalid("email", "Not an e-mail address")
    if "externalIds" in changes:
        changes["externalIds"] = {**row["externalIds"], **changes["externalIds"]}
    row = shop.save(getattr(shop, name), {**row, **changes})
    shop.announce(f"{NAMES[name]}.updated", row)
    return row


def registered(shop: Shop, call: Call) -> Row:
    """The secret is shown to nobody again, and only once where the site chooses it."""
    told = understood(call.json(), shop.switch)
    url, events = str(told.get("url") or ""), told.get("events")
    if not url.startswith("http"):
        raise invalid("url", "Not an address")
    words = {shop.switch["event_names"].get(event, event) for event in EVENTS}
    if not isinstance(events, list) or not events or not set(events) <= words:
        raise invalid("events", f"Not among {', '.join(sorted(words))}")
    id = f"whk_{shop.next('webhook')}"
    chosen = {"secret": f"chosen-by-the-site-{id}"} if shop.switch["chooses_secrets"] else {}
    shop.secrets[id] = chosen.get("secret") or str(told.get("secret") or "")
    return {**shop.webhooks.put({"id": id, "url": url, "events": events, "isActive": True}), **chosen}


def unregistered(shop: Shop, call: Call) -> Row:
    if shop.webhooks.get(call.params["id"]) is None:
        raise missing("webhook", call.params["id"])
    shop.webhooks.remove(call.params["id"])
    return {}


ID, NAME = r"(?P<id>[^/]+)", r"(?P<name>orders|payments|customers|refunds|products)"
View = Callable[[Shop, Call], Any]
LISTS: tuple[tuple[str, View], ...] = (
    (f"/{NAME}", listed),
    ("/(?P<name>webhooks)", listed),
    (f"/(?P<name>orders)/{ID}/payments", payments_of_order),
)
RECORDS: tuple[tuple[str, str, View], ...] = (
    ("GET", "/me", me),
    ("GET", f"/{NAME}/{ID}", shown),
    ("PATCH", f"/(?P<name>orders|customers)/{ID}", patched),
    ("POST", "/webhooks", registered),
    ("DELETE", f"/webhooks/{ID}", unregistered),
)
