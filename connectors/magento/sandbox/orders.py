"""The order calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.magento.sandbox import columns, progress
from connectors.magento.sandbox.presenting import presented
from connectors.magento.sandbox.refusals import invalid, missing
from connectors.magento.sandbox.routing import Routes
from connectors.magento.sandbox.search import search
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.sandbox import Call

UNSAVED = {"grand_total", "base_grand_total", "customer_email", "billing_address_id"}
"""The answer to a save is the entity as it was sent; what it declares and was not sent is null."""


def list_orders(shop: Shop, call: Call) -> Row:
    return search(call, shop.orders, columns.ORDER, shop.switch, lambda row: presented(shop, row))


def get_order(shop: Shop, call: Call) -> Row:
    return presented(shop, read_order(shop, call))


def read_order(shop: Shop, call: Call) -> Row:
    """Raises Refused (404). By entity_id, never by increment_id."""
    found = shop.orders.get(int(call.params["id"]))
    if found is None:
        raise missing()
    return found


def get_status(shop: Shop, call: Call) -> Any:
    """A bare string."""
    return read_order(shop, call).get("status")


def save_order(shop: Shop, call: Call) -> Row:
    """An update of the columns sent, without any state machine; without an entity_id a new row."""
    entity: Row = (call.json() or {}).get("entity") or {}
    if not entity:
        raise invalid('"%fieldName" is required. Enter and try again.', {"fieldName": "entity"})
    order = shop.order(entity["entity_id"]) if entity.get("entity_id") else _blank(shop, entity)
    order |= {name: value for name, value in entity.items() if not isinstance(value, dict | list)}
    if "custom_attributes" in entity:
        order["custom_attributes"] = _merged(shop, order, entity["custom_attributes"])
    shop.save(shop.orders, order)
    shop.announce("order", order)
    return dict.fromkeys(UNSAVED) | entity | {"entity_id": order["entity_id"], "updated_at": order["updated_at"]}


def _blank(shop: Shop, entity: Row) -> Row:
    id = shop.orders.next_id()
    increment = entity.get("increment_id") or shop.next_increment("order", int(entity.get("store_id", 1)))
    row: Row = {"entity_id": id, "increment_id": increment, "created_at": shop.clock.stamp(), "items": []}
    return row | {"payment": {}, "status_histories": [], "extension_attributes": {}}


def _merged(shop: Shop, order: Row, sent: list[Row]) -> list[Row]:
    """Only shops with the custom attributes module know them."""
    if not shop.switch["custom_attributes"]:
        raise invalid(
            'Property "%1" does not have accessor method "%2" in class "%3".',
            ["CustomAttributes", "getCustomAttributes", "Magento\\Sales\\Api\\Data\\OrderInterface"],
        )
    values = {one["attribute_code"]: one["value"] for one in [*order.get("custom_attributes", []), *sent]}
    return [{"attribute_code": code, "value": value} for code, value in values.items()]


def cancel_order(shop: Shop, call: Call) -> bool:
    """False, with 200, when it cannot."""
    return change_order(shop, shop.order(call.params["id"]), progress.can_cancel, progress.cancel)


def hold_order(shop: Shop, call: Call) -> bool:
    return change_order(shop, shop.order(call.params["id"]), progress.can_hold, progress.hold)


def unhold_order(shop: Shop, call: Call) -> bool:
    return change_order(shop, shop.order(call.params["id"]), progress.is_held, progress.unhold)


def change_order(shop: Shop, order: Row, allowed: Callable[[Row], bool], change: Callable[[Row], None]) -> bool:
    if not allowed(order):
        return False
    change(order)
    shop.save(shop.orders, order)
    shop.announce("order", order)
    return True


ROUTES: Routes = [
    ("GET", r"orders", "Magento_Sales::actions_view", list_orders),
    ("GET", r"orders/(?P<id>\d+)", "Magento_Sales::actions_view", get_order),
    ("GET", r"orders/(?P<id>\d+)/statuses", "Magento_Sales::actions_view", get_status),
    ("POST", r"orders/?", "Magento_Sales::create", save_order),
    ("POST", r"orders/(?P<id>\d+)/cancel", "Magento_Sales::cancel", cancel_order),
    ("POST", r"orders/(?P<id>\d+)/hold", "Magento_Sales::hold", hold_order),
    ("POST", r"orders/(?P<id>\d+)/unhold", "Magento_Sales::unhold", unhold_order),
]
