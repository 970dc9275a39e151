"""Ids by creation date, for backfill and the completeness sweep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from connectors.magento.client import Client
from connectors.magento.reading import id_of

ZONES = dt.timedelta(hours=14)
"""No zone is further from UTC, in which Magento writes its stamps."""


def created_between(
    client: Client, path: str, start: dt.date, end: dt.date, *, shown: str = "entity_id"
) -> Iterator[str]:
    """Every record whose creation falls into [start, end] in some time zone."""
    first = dt.datetime.combine(start, dt.time.min) - ZONES
    last = dt.datetime.combine(end, dt.time.max) + ZONES
    filters = [
        ("created_at", "gteq", f"{first:%Y-%m-%d %H:%M:%S}"),
        ("created_at", "lteq", f"{last:%Y-%m-%d %H:%M:%S}"),
    ]
    fields = f"items[{shown}],total_count"
    for row in client.every(path, filters, shown=shown, fields=fields):
        yield id_of(row[shown])
