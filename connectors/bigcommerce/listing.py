"""Ids by creation date, for backfill and the completeness sweep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from connectors.bigcommerce.client import Client
from connectors.bigcommerce.reading import id_of

ZONES = dt.timedelta(hours=14)
"""No zone is further from UTC, in which BigCommerce writes its dates."""


def orders_created_between(client: Client, start: dt.date, end: dt.date) -> Iterator[str]:
    """Every order whose creation falls into [start, end] in some time zone, by id: nothing shifts while it is read."""
    first, last = edges(start, end)
    query = {"min_date_created": first, "max_date_created": last, "sort": "id:asc"}
    after = 0
    while True:
        page = client.page("/v2/orders", {**query, "min_id": after + 1} if after else query)
        fresh = [int(id_of(row.get("id"))) for row in page.items if int(id_of(row.get("id"))) > after]
        yield from map(str, fresh)
        if page.whole or not fresh:
            return
        after = max(fresh)


def customers_created_between(client: Client, start: dt.date, end: dt.date) -> Iterator[str]:
    first, last = edges(start, end)
    query = {"date_created:min": first, "date_created:max": last, "sort": "date_created:asc"}
    for page in client.pages("/v3/customers", query):
        yield from (id_of(row.get("id")) for row in page.items)


def edges(start: dt.date, end: dt.date) -> tuple[str, str]:
    first = dt.datetime.combine(start, dt.time.min, dt.UTC) - ZONES
    last = dt.datetime.combine(end, dt.time(23, 59, 59), dt.UTC) + ZONES
    return first.isoformat(), last.isoformat()
