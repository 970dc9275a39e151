"""Order comments, and what their `status` does in each version."""

from __future__ import annotations

from typing import Any

from connectors.magento.sandbox.orders import read_order
from connectors.magento.sandbox.progress import STATUSES
from connectors.magento.sandbox.refusals import invalid, required
from connectors.magento.sandbox.routing import Routes
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.sandbox import Call

OLD = ("2.3", "2.4.6")


def add_comment(shop: Shop, call: Call) -> bool:
    given: Row = (call.json() or {}).get("statusHistory") or (call.json() or {}).get("status_history") or {}
    if "comment" not in given:
        raise required("statusHistory")
    order = shop.order(call.params["id"])
    order["status"] = _next_status(shop, order, given.get("status"))
    comment = {
        "comment": given["comment"],
        "created_at": shop.clock.stamp(),
        "entity_id": shop.comments.next_id(),
        "entity_name": given.get("entity_name"),
        "is_customer_notified": int(given.get("is_customer_notified") or 0),
        "is_visible_on_front": int(given.get("is_visible_on_front") or 0),
        "parent_id": order["entity_id"],
        "status": order["status"],
    }
    comment = {name: value for name, value in comment.items() if value is not None}
    shop.comments.put(comment)
    order["status_histories"] = [comment, *order.get("status_histories", [])]
    shop.save(shop.orders, order)
    shop.announce("order", order)
    return True


def _next_status(shop: Shop, order: Row, asked: Any) -> Any:
    """Up to 2.4.6 whatever is sent is stored, nothing included; then it must fit. A comment never changes the state."""
    version = shop.switch["version"]
    if version in OLD:
        return asked
    if asked is None or asked == order.get("status"):
        return order.get("status")
    allowed = STATUSES.get(order["state"], set()) | set(shop.switch["statuses"].get(order["state"], ()))
    if version == "2.4.7" or asked not in allowed:
        raise invalid('Unable to add comment: The status "%1" is not part of the order status history.', [asked])
    return asked


def list_comments(shop: Shop, call: Call) -> Row:
    comments = read_order(shop, call).get("status_histories", [])
    return {"items": comments, "search_criteria": {"filter_groups": []}, "total_count": len(comments)}


ROUTES: Routes = [
    ("GET", r"orders/(?P<id>\d+)/comments", "Magento_Sales::actions_view", list_comments),
    ("POST", r"orders/(?P<id>\d+)/comments", "Magento_Sales::comment", add_comment),
]
