"""What comes in: a JSON body that names a record, by any sender that knows the secret, or Adobe I/O's CloudEvents.

Magento Open Source has no webhooks of its own; modules send bodies that the merchant has written. So a body is a hint:
the first known word in the event's name says what kind of record it is about, and its id is looked for by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Notice
from connectors.magento.reading import id_of, text


@dataclass(frozen=True)
class Subject:
    """`word` in an event's name → the resource, the fields that may hold its id, and otherwise the field that names it
    as a lookup, under the name that `resolve` knows."""

    word: str
    resource: str
    ids: tuple[str, ...]
    lookups: tuple[tuple[str, str], ...] = ()


SUBJECTS = (
    Subject("creditmemo", "order", ("order_id",), (("entity_id", "creditmemo_id"), ("creditmemo_id", "creditmemo_id"))),
    Subject("invoice", "order", ("order_id",), (("entity_id", "invoice_id"), ("invoice_id", "invoice_id"))),
    Subject("shipment", "order", ("order_id",)),
    Subject("history", "order", ("order_id", "parent_id")),
    Subject("comment", "order", ("order_id", "parent_id")),
    Subject("order", "order", ("entity_id", "order_id", "id"), (("increment_id", "increment_id"),)),
    Subject("customer_group", "", ()),
    Subject("address", "customer", ("customer_id", "parent_id")),
    Subject("customer", "customer", ("entity_id", "customer_id", "id"), (("email", "email"),)),
    Subject("product", "product", ("entity_id", "product_id", "id"), (("sku", "sku"),)),
)
"""In this order: an event of a credit memo has "order" in its name too."""


def notices(body: bytes) -> Iterator[Notice]:
    for entry in _entries(body):
        found = _notice(entry)
        if found:
            yield found


def _entries(body: bytes) -> list[Mapping[str, Any]]:
    """Adobe may send several events in one list. What is no JSON names no record."""
    try:
        content = json.loads(body)
    except ValueError:
        return []
    entries = content if isinstance(content, list) else [content]
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _notice(entry: Mapping[str, Any]) -> Notice | None:
    event = entry.get("event")
    if isinstance(event, Mapping):
        entry = {"type": entry.get("type"), "id": entry.get("id"), **event}
    data = entry.get("data")
    if isinstance(data, Mapping) and isinstance(data.get("value"), Mapping):
        return _named(text(entry.get("type")).rpartition(".")[2], data["value"], delivery_id=text(entry.get("id")))
    return _named(text(event) or "order", entry)


def _named(event: str, fields: Mapping[str, Any], delivery_id: str = "") -> Notice | None:
    subject = next((one for one in SUBJECTS if one.word in event.lower()), None)
    if subject is None or not subject.resource:
        return None
    id = next((found for name in subject.ids if (found := id_of(fields.get(name)))), "")
    lookup = "" if id else _lookup(subject, fields)
    return Notice(subject.resource, id=id, lookup=lookup, delivery_id=delivery_id) if id or lookup else None


def _lookup(subject: Subject, fields: Mapping[str, Any]) -> str:
    return next((f"{name}={text(fields[field])}" for field, name in subject.lookups if fields.get(field)), "")
