"""What goes back to an order: a comment with its status, the external id, custom attributes. Safe to repeat.

Old versions take the status away when a comment comes without one, newer ones refuse a foreign one (sheet, 5.1): so
the order is read right before, and its own status is sent along unless another one is wanted and taken.
"""

from __future__ import annotations

from typing import Any

from connectors.base import Remote
from connectors.documents import OrderUpdate, Raw
from connectors.errors import Rejected
from connectors.magento.client import Client
from connectors.magento.reading import amount, extension, id_of, rows, text

EXTERNAL_ID_SIZE = 32
"""The column `ext_order_id`; the database cuts or refuses what is longer."""


def write(client: Client, id: str, change: OrderUpdate) -> Remote:
    order = client.record(f"/orders/{id}")
    columns = _columns(order, change)
    status = _comment(client, id, order, change)
    _save(client, order, columns)
    return remote({**order, "status": status})


def remote(order: Raw) -> Remote:
    return Remote(
        id=id_of(order.get("entity_id")),
        number=text(order.get("increment_id")),
        status=text(order.get("status")),
        total=amount(order, "grand_total"),
        currency=text(order.get("order_currency_code")),
        facts={"state": text(order.get("state")), "external_id": text(order.get("ext_order_id"))},
        raw=order,
    )


def current_status(order: Raw) -> str:
    """Other tools' comments may have left none behind: then the usual one of the state."""
    state = text(order.get("state"))
    return text(order.get("status")) or ("pending" if state == "new" else state)


def _comment(client: Client, id: str, order: Raw, change: OrderUpdate) -> str:
    """Posts the comment unless it is there; returns the order's status after it."""
    current = current_status(order)
    wanted = change.status or current
    if not change.comment and wanted == current:
        return current
    if _said_before(client, id, order, change):
        return current
    try:
        return _post_comment(client, id, change.comment, wanted)
    except Rejected as refused:
        if refused.code != "http_400" or wanted == current or not change.comment:
            raise
        return _post_comment(client, id, change.comment, current)


def _post_comment(client: Client, id: str, comment: str, status: str) -> str:
    history = {
        "comment": comment,
        "status": status,
        "is_customer_notified": 0,
        "is_visible_on_front": 0,
        "parent_id": int(id),
        "entity_name": "order",
    }
    client.post(f"/orders/{id}/comments", {"statusHistory": history})
    return status


def _said_before(client: Client, id: str, order: Raw, change: OrderUpdate) -> bool:
    """Magento has no key against doubles, so a comment's text is the key. A status without a comment that the order
    once had was left for another one since: it is not taken back."""
    known = rows(order.get("status_histories")) or rows(client.record(f"/orders/{id}/comments")["items"])
    if not change.comment:
        return change.status in {text(row.get("status")) for row in known}
    return _spaced(change.comment) in {_spaced(text(row.get("comment"))) for row in known}


def _spaced(comment: str) -> str:
    return " ".join(text(comment).split())


def _columns(order: Raw, change: OrderUpdate) -> dict[str, Any]:
    """The fields that are not yet as wanted."""
    columns: dict[str, Any] = {}
    if len(change.external_id) > EXTERNAL_ID_SIZE:
        raise Rejected(
            f"Magento keeps at most {EXTERNAL_ID_SIZE} characters of an external id",
            field="external_id",
            code="too_long",
        )
    if change.external_id and change.external_id != text(order.get("ext_order_id")):
        columns["ext_order_id"] = change.external_id
    attributes = {code: value for code, value in change.attributes.items() if _attribute(order, code) != value}
    if attributes:
        columns["custom_attributes"] = [{"attribute_code": code, "value": value} for code, value in attributes.items()]
    return columns


def _attribute(order: Raw, code: str) -> str:
    stored = {row.get("attribute_code"): row.get("value") for row in rows(order.get("custom_attributes"))}
    return text(stored.get(code, extension(order).get(code)))


def _save(client: Client, order: Raw, columns: dict[str, Any]) -> None:
    """Only these columns: whatever else is sent is written too, items and totals included (#22431, #32397)."""
    if columns:
        entity = {"entity_id": order["entity_id"], "increment_id": order["increment_id"], **columns}
        client.post("/orders", {"entity": entity}, safe=True)
