"""An order's transactions, refunds and metafields, as V3 serves them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sandbox.clock import iso
from connectors.bigcommerce.sandbox.listing import among, equal, filtered, listed_v3, one_v3, since, until
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.refunding import item, quoted, refund
from connectors.bigcommerce.sandbox.refusals import Refused, v3
from connectors.bigcommerce.sandbox.routing import Routes
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.sandbox import Call, Reply


def order_of(shop: Shop, call: Call) -> Row:
    """Raises Refused in V3's words."""
    try:
        return shop.order(call.params["id"])
    except Refused:
        raise v3(404, "Order not found") from None


def list_transactions(shop: Shop, call: Call) -> Reply:
    """204 where there is none, unlike V3's other lists."""
    rows = shop.of("transactions", order_of(shop, call))
    return listed_v3(list(rows), call) if rows else Reply(204)


def list_refunds(shop: Shop, call: Call) -> Reply:
    return listed_v3(list(shop.of("refunds", order_of(shop, call))), call)


def all_refunds(shop: Shop, call: Call) -> Reply:
    """Of the whole store, by id."""
    rows = [row for id in shop.orders for row in shop.parts["refunds"][id]]
    wanted = {
        "order_id:in": among("order_id"),
        "id:in": among("id"),
        "created:min": since("created"),
        "created:max": until("created"),
    }
    return listed_v3(sorted(filtered(rows, call, wanted), key=lambda row: int(row["id"])), call)


def quote_refund(shop: Shop, call: Call) -> Reply:
    order = order_of(shop, call)
    items = list(map(_asked, call.json()["items"]))
    total, tax = quoted(shop, order, items)
    quote: dict[str, Any] = {"order_id": order["id"], "total_refund_amount": total, "total_refund_tax_amount": tax}
    method = {"provider_id": "stripe", "provider_description": "Stripe", "amount": total, "offline": False}
    return Reply(201, {"data": {**quote, "tax_inclusive": True, "refund_methods": [[method]]}, "meta": {}})


def make_refund(shop: Shop, call: Call) -> Reply:
    wanted = call.json()
    made = refund(shop, order_of(shop, call), list(map(_asked, wanted["items"])), reason=wanted.get("reason", ""))
    return Reply(201, {"data": made, "meta": {}})


def _asked(wanted: Row) -> Row:
    quantity, amount = wanted.get("quantity"), wanted.get("amount")
    return item(
        wanted["item_type"],
        int(wanted["item_id"]),
        quantity=None if quantity is None else int(quantity),
        amount=None if amount is None else Decimal(str(amount)),
    )


def list_metafields(shop: Shop, call: Call) -> Reply:
    rows = shop.of("metafields", order_of(shop, call))
    return listed_v3(filtered(rows, call, {"key": equal("key"), "namespace": equal("namespace")}), call)


def make_metafield(shop: Shop, call: Call) -> Reply:
    order, wanted = order_of(shop, call), call.json()
    lacking = {
        name: "error.path.missing" for name in ("permission_set", "namespace", "key", "value") if name not in wanted
    }
    if lacking:
        raise v3(422, "JSON data is missing or invalid", lacking)
    held = shop.of("metafields", order)
    if any((one["namespace"], one["key"]) == (wanted["namespace"], wanted["key"]) for one in held):
        raise v3(409, "A metafield with this namespace and key already exists for this resource.")
    now = iso(shop.clock.now())
    made = {
        "id": shop.next("metafield"),
        "description": "",
        **wanted,
        "resource_type": "order",
        "resource_id": order["id"],
        "date_created": now,
        "date_modified": now,
    }
    held.append(made)
    return _told(shop, made, "created")


def change_metafield(shop: Shop, call: Call) -> Reply:
    held = shop.of("metafields", order_of(shop, call))
    found = next((one for one in held if one["id"] == int(call.params["metafield"])), None)
    if found is None:
        raise v3(404, "Metafield not found")
    found |= {**call.json(), "date_modified": iso(shop.clock.now())}
    return _told(shop, found, "updated")


def _told(shop: Shop, row: Row, what: str) -> Reply:
    told = {"metafield_id": row["id"], "resource_id": str(row["resource_id"])}
    shop.announce(f"order/metafield/{what}", told)
    return one_v3(row)


ORDER = r"/orders/(?P<id>\d+)"
REFUNDS = "/payment_actions/refunds"
ROUTES: Routes = (
    ("GET", f"/orders{REFUNDS}", "orders", all_refunds),
    ("GET", f"{ORDER}/transactions", "transactions", list_transactions),
    ("GET", f"{ORDER}{REFUNDS}", "orders", list_refunds),
    ("POST", f"{ORDER}{REFUNDS}", "orders", make_refund),
    ("POST", f"{ORDER}/payment_actions/refund_quotes", "orders", quote_refund),
    ("GET", f"{ORDER}/metafields", "orders", list_metafields),
    ("POST", f"{ORDER}/metafields", "orders", make_metafield),
    ("PUT", rf"{ORDER}/metafields/(?P<metafield>\d+)", "orders", change_metafield),
)
