"""What comes in: thin bodies whose `scope` says what happened, and where the record's id stands."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Notice, Webhook
from connectors.bigcommerce.reading import id_of, record
from connectors.documents import Raw

CHANNEL = re.compile(r"^store/channel/\d+/")
PLACES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"store/order/metafield/.*", "", ()),
    (r"store/order/transaction/\w+", "order", ("order_id",)),
    (r"store/order/.*", "order", ("id", "order_id")),
    (r"store/customer/address/\w+", "customer", ("address.customer_id",)),
    (r"store/customer/(created|updated)", "customer", ("id",)),
    (r"store/product/(created|updated)", "product", ("id",)),
    (r"store/sku/.*", "product", ("sku.product_id", "inventory.product_id")),
)
"""Scope → the resource, and where in `data` its id stands. An address event's own `id` is the address's, a transaction's
event has none; what we write ourselves into metafields is no news."""
DELIVERY = "webhook-id"


def notices(webhook: Webhook) -> Iterator[Notice]:
    body = content(webhook.body)
    scope, data = CHANNEL.sub("store/", str(body.get("scope") or "")), record(body.get("data"))
    for pattern, resource, places in PLACES:
        if re.fullmatch(pattern, scope):
            id = next((found for place in places if (found := id_of(_at(data, place)))), "")
            if resource and id:
                delivery = webhook.headers.get(DELIVERY, "")
                yield Notice(resource, id=id, delivery_id=delivery, changed_at=_when(body))
            return


def content(body: bytes) -> Raw:
    """What is no JSON object names no record."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _at(data: Mapping[str, Any], place: str) -> Any:
    found: Any = data
    for name in place.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return None if isinstance(found, Mapping | list | bool) else found


def _when(body: Raw) -> dt.datetime | None:
    seconds = body.get("created_at")
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if isinstance(seconds, int) and 0 < seconds < 2**33 else None
