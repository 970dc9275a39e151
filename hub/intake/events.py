"""From a notice to its event: the key that makes it one, and what is kept of it."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from connectors.base import Notice
from hub.engine import clock
from hub.models import Flow, WebhookRequest

KEY_LENGTH = 200


def key_of(notice: Notice, door: str, request: WebhookRequest | None = None, position: int = 0) -> str:
    """The vendor's delivery id, kept apart by door; else the receipt's own, so that two equal notices are two.
    `position` is the notice's place in its request."""
    if notice.delivery_id:
        return _shortened(f"{door}:{notice.delivery_id}")
    return f"request:{request.pk}:{position}" if request else f"{door}:{uuid.uuid4()}"


def facts_of(
    notice: Notice, door: str, request: WebhookRequest | None = None, flow: Flow | None = None, *, asks: bool
) -> dict[str, Any]:
    """`asks`: the source is to say which record it is, since a flow listens."""
    return {
        "door": door,
        "resource": notice.resource,
        "source_id": notice.id,
        "flow": flow,
        "lookup": notice.lookup,
        "changed_at": notice.changed_at,
        "request": request,
        "resolve_at": clock.now() if asks else None,
    }


def names_otherwise(notice: Notice) -> bool:
    """It does not tell its record's id, but how to find it."""
    return bool(notice.lookup and not notice.id)


def _shortened(key: str) -> str:
    """Where it is too long, with a digest of the whole at its end: two that begin alike are two."""
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[: KEY_LENGTH - len(digest)] + digest
