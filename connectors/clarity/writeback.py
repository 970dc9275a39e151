"""What goes back to an order: the invoice's number among its external ids; a note or a status if the flow says so.

Every change names what is to stand there in the end, and only what differs is sent: it is safe to repeat. Where the site
takes no changes, the hub alone knows which invoice belongs to which order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Remote
from connectors.clarity.changing import Change
from connectors.clarity.client import Client
from connectors.clarity.record import Record, Terms
from connectors.documents import OrderUpdate

OURS = "accounting"
"""Under this name the books' number stands among an order's external ids (sheet, 4.2)."""


def write(client: Client, terms: Terms, id: str, change: OrderUpdate) -> Remote:
    order = Record("order", client.record("orders.get", id), terms)
    body = _differing(order, change)
    if body and client.site.offers("orders.patch"):
        client.change("orders.patch", id, body)
    return remote(order)


def remote(order: Record) -> Remote:
    return Remote(
        id=order.id(),
        number=order.text("orderNumber"),
        status=order.text("status"),
        total=order.stated("total"),
        currency=order.text("currency").upper(),
        facts={"external_id": str(_external(order).get(OURS) or "")},
        raw=order.raw,
    )


def _differing(order: Record, change: OrderUpdate) -> dict[str, Any]:
    wanted = {**change.attributes, **({OURS: change.external_id} if change.external_id else {})}
    known, notes = _external(order), order.text("notes")
    found = Change(order)
    if any(known.get(name) != value for name, value in wanted.items()):
        found.set("externalIds", {**known, **wanted})
    if change.comment and change.comment not in notes.splitlines():
        found.set("notes", "\n".join(filter(None, (notes, change.comment))))
    if change.status and change.status != order.text("status"):
        found.set("status", change.status)
    return found.body


def _external(order: Record) -> Mapping[str, Any]:
    found = order.get("externalIds")
    return found if isinstance(found, Mapping) else {}
