"""What goes back to an order: a staff note, the external order id, a status, metafields. Safe to repeat.

A change is a partial PUT: never products, fees, addresses or amounts, which would clear discounts and reckon taxes anew.
Staff notes are one text that is replaced whole, so the order is read right before, and the note is added to what stands.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.base import Remote
from connectors.bigcommerce.client import Client
from connectors.bigcommerce.reading import amount, id_of, text
from connectors.bigcommerce.sale import currency_of
from connectors.bigcommerce.statuses import NAMES, status_named, status_of
from connectors.documents import OrderUpdate, Raw
from connectors.errors import Rejected

NAMESPACE = "countinghouse"
LONGEST_NOTES = 65_535
AGAIN = re.compile(r"-R\d+$")
"""How the number of an invoice ends that takes the place of one that was credited."""


def write(client: Client, id: str, change: OrderUpdate) -> Remote:
    path = f"/v2/orders/{id}"
    order = client.record(path)
    fields = changed_fields(order, change)
    if fields:
        answered = client.send("PUT", path, body=fields).json()
        order = answered if isinstance(answered, dict) else {**order, **fields}
    for key, value in change.attributes.items():
        _set_metafield(client, f"/v3/orders/{id}/metafields", key, value)
    return remote(order)


def remote(order: Raw) -> Remote:
    return Remote(
        id=id_of(order.get("id")),
        number=id_of(order.get("id")),
        status=text(order.get("status")),
        total=amount(order, "total_inc_tax"),
        currency=currency_of(order),
        facts={"external_id": text(order.get("external_order_id")), "status_id": status_of(order)},
        raw=order,
    )


def changed_fields(order: Raw, change: OrderUpdate) -> dict[str, Any]:
    """What is not yet as wanted. A note is there if one line of the notes is its text."""
    fields: dict[str, Any] = {}
    notes = text(order.get("staff_notes"))
    if change.comment and _spaced(change.comment) not in map(_spaced, notes.splitlines()):
        fields["staff_notes"] = _added(notes, change.comment)
    if change.external_id and change.external_id != text(order.get("external_order_id")):
        fields["external_order_id"] = _free(order, change.external_id)
    if change.status and _number(change.status) != status_of(order):
        fields["status_id"] = _number(change.status)
    return fields


def _added(notes: str, comment: str) -> str:
    found = "\n".join(filter(None, (notes, _spaced(comment))))
    if len(found) > LONGEST_NOTES:
        raise Rejected(
            "the order's staff notes are full; shorten them in BigCommerce", field="comment", code="too_long"
        )
    return found


def _free(order: Raw, wanted: str) -> str:
    """There is one such field, and marketplaces use it too: what somebody else wrote there stays. What it
    replaces is an earlier invoice of the same order."""
    held = text(order.get("external_order_id"))
    ours = AGAIN.search(wanted) and AGAIN.sub("", wanted) == AGAIN.sub("", held)
    if held and not ours:
        raise Rejected(
            f"order {id_of(order.get('id'))} already has the external order id {held!r}, so {wanted!r} was not written; "
            "empty it in BigCommerce, or choose another place for the invoice number in the flow",
            field="external_id",
            value=held,
            code="external_id_taken",
        )
    return wanted


def _number(status: str) -> int:
    found = status_named(status)
    if found is None:
        known = ", ".join(f"{number} ({name})" for number, name in NAMES.items())
        raise Rejected(
            f"BigCommerce has no order status {status!r}; choose one of {known}",
            field="status",
            value=status,
            code="no_such_status",
        )
    return found


def _set_metafield(client: Client, path: str, key: str, value: str) -> None:
    """A second one of the same name would be refused with 409."""
    held = next((one for one in client.every(path, {"namespace": NAMESPACE, "key": key}) if _ours(one, key)), None)
    body = {"permission_set": "app_only", "namespace": NAMESPACE, "key": key, "value": value}
    if held is None:
        client.send("POST", path, body=body)
    elif text(held.get("value")) != value:
        client.send("PUT", f"{path}/{id_of(held.get('id'))}", body=body)


def _ours(field: Raw, key: str) -> bool:
    return (field.get("namespace"), field.get("key")) == (NAMESPACE, key)


def _spaced(line: str) -> str:
    return " ".join(line.split())
