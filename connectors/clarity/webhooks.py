"""What comes in: an envelope that names an event and a record, or holds the record whole. Either way it is only a hint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from connectors.base import Notice
from connectors.clarity.record import Record, Terms

EVENTS = (
    "order.created",
    "order.updated",
    "order.cancelled",
    "customer.created",
    "customer.updated",
    "payment.captured",
    "payment.refunded",
    "product.created",
    "product.updated",
)
"""What an event can be called, or be mapped to. Any other is acknowledged, and nothing comes of it."""
KINDS = ("order", "customer", "payment", "product")


def notices(body: bytes, terms: Terms, renamed: Mapping[str, str]) -> Iterator[Notice]:
    for envelope in _envelopes(body, terms):
        event = envelope.text("type")
        kind = _kind(renamed.get(event, event))
        data = envelope.get("data")
        if kind:
            record = Record(kind, data if isinstance(data, dict) else {"id": data}, terms)
            yield from _about(record, envelope, event)


def _envelopes(body: bytes, terms: Terms) -> list[Record]:
    """Several may come in one list. What is no JSON names no record."""
    try:
        content = json.loads(body)
    except ValueError:
        return []
    found = content if isinstance(content, list) else [content]
    return [Record("event", one, terms) for one in found if isinstance(one, dict)]


def _kind(event: str) -> str:
    return event.partition(".")[0] if event in EVENTS else ""


def _about(record: Record, envelope: Record, event: str) -> Iterator[Notice]:
    """A payment is its order's affair; a thin one does not say whose, so the site is asked."""
    id = record.id()
    resource, named = (record.kind, id) if record.kind != "payment" else ("order", record.id("orderId"))
    lookup = f"payment={id}" if id and not named else ""
    if named or lookup:
        yield Notice(
            resource,
            id=named,
            lookup=lookup,
            delivery_id=_delivery(record, envelope, event),
            changed_at=None,
        )


def _delivery(record: Record, envelope: Record, event: str) -> str:
    """The envelope's own id; else event, record and change time, where it tells all three."""
    changed = record.text("updatedAt")
    return envelope.id() or (f"{event}/{record.id()}/{changed}" if changed else "")
