"""Everything changed since a cursor, by the store's own clock, without leaving a row out.

Dates have whole seconds, whether `min` includes its own second nobody says, and rows move while they are read. So each
list is read by date, always page one of a search that begins a second before the last page ended; every poll begins ten
minutes back and remembers what it told of those minutes; and a row whose second may still be going on is told without a
delivery id, and once more when its second is over.

A refund need not touch its order's `date_modified`, so the store's list of refunds is followed beside that of orders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Notice
from connectors.bigcommerce.client import Client, Page
from connectors.bigcommerce.reading import id_of, instant
from connectors.documents import Raw
from connectors.errors import Rejected

OVERLAP = dt.timedelta(minutes=10)
SETTLED = dt.timedelta(seconds=60)
SECOND = dt.timedelta(seconds=1)
REACH = dt.timedelta(seconds=2)
"""Past a crowded second, so that no bound that leaves its own second out leaves out the next."""
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

Cursor = Mapping[str, Any]


@dataclass(frozen=True)
class Feed:
    """One list that says when a resource changed. `stamp` is the field that holds the date, `record` the one that holds
    the resource's id; `since` and `until` are the filters by date, `sort` is how it is asked for in their order. Without
    one it is a list that only grows at its end, and is read page by page."""

    name: str
    path: str
    entity: str
    stamp: str
    since: str
    until: str
    sort: Mapping[str, str]
    record: str = "id"

    def changed_at(self, row: Raw) -> dt.datetime:
        return instant(row.get(self.stamp)).replace(microsecond=0) if row.get(self.stamp) else BEGINNING


ORDERS = Feed(
    "orders", "/v2/orders", "order", "date_modified", "min_date_modified", "max_date_modified",
    {"sort": "date_modified:asc"},
)  # fmt: skip
REFUNDS = Feed(
    "refunds", "/v3/orders/payment_actions/refunds", "refund", "created", "created:min", "created:max", {},
    record="order_id",
)  # fmt: skip
CUSTOMERS = Feed(
    "customers", "/v3/customers", "customer", "date_modified", "date_modified:min", "date_modified:max",
    {"sort": "date_modified:asc"},
)  # fmt: skip
PRODUCTS = Feed(
    "products", "/v3/catalog/products", "product", "date_modified", "date_modified:min", "date_modified:max",
    {"sort": "date_modified", "direction": "asc"},
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where one list stands: the last second read, and what was told of the ten minutes before it."""

    at: dt.datetime
    told: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, cursor: Cursor, feed: str) -> Place:
        stored = cursor.get(feed)
        if stored:
            return cls(instant(stored["at"]), {second: tuple(ids) for second, ids in stored["told"].items()})
        return cls(instant(cursor["since"]).replace(microsecond=0) if cursor.get("since") else BEGINNING, {})

    def written(self) -> Cursor:
        return {"at": self.at.isoformat(), "told": {second: list(ids) for second, ids in self.told.items()}}

    def knows(self, feed: Feed, row: Raw) -> bool:
        return id_of(row.get("id")) in self.told.get(feed.changed_at(row).isoformat(), ())

    def after(self, feed: Feed, page: Page) -> Place:
        """A row dated in the future, by a clock that was wrong for a while, must not carry the cursor there."""
        now = page.server_now.replace(microsecond=0)
        at = max(min(self.at, now), min(max(map(feed.changed_at, page.items)), now))
        told = {second: set(ids) for second, ids in self.told.items()}
        for row in page.items:
            if settled(feed, row, page.server_now):
                told.setdefault(feed.changed_at(row).isoformat(), set()).add(id_of(row.get("id")))
        oldest = (at - OVERLAP).isoformat()
        return Place(at, {second: tuple(sorted(ids)) for second, ids in told.items() if second >= oldest})


def changed(client: Client, resource: str, feeds: tuple[Feed, ...], cursor: Cursor) -> Iterator[tuple[Notice, Cursor]]:
    """Notices of all the feeds, each with the cursor to store after it. Within a page that cursor still points to the
    page's start: a stop there repeats a page, which is harmless."""
    for feed in feeds:
        place = Place.read(cursor, feed.name)
        for page in pages(client, feed, place.at):
            following = place.after(feed, page)
            fresh = [row for row in page.items if not place.knows(feed, row)]
            for row in fresh[:-1]:
                yield notice(resource, feed, row, page.server_now), cursor
            place = following
            if fresh:
                cursor = {**cursor, feed.name: place.written()}
                yield notice(resource, feed, fresh[-1], page.server_now), cursor


def pages(client: Client, feed: Feed, at: dt.datetime) -> Iterator[Page]:
    """Every row changed since ten minutes before `at`, or before now where `at` lies ahead of the store's clock."""
    start = max(at - OVERLAP, BEGINNING)
    if not feed.sort:
        yield from filled(client.pages(feed.path, {feed.since: start.isoformat()}))
        return
    page = since(client, feed, start)
    latest = page.server_now.replace(microsecond=0) - OVERLAP
    if start > latest:
        start, page = latest, since(client, feed, latest)
    while page.items:
        yield page
        if page.whole:
            return
        seconds = [feed.changed_at(row) for row in page.items]
        _refuse_disorder(seconds, start)
        reached = seconds[-1]
        if reached <= start:
            yield from rest_of(client, feed, reached)
            reached += REACH
        start, page = reached, since(client, feed, reached)


def since(client: Client, feed: Feed, start: dt.datetime) -> Page:
    """From a second earlier, in case `min` leaves its own second out."""
    return client.page(feed.path, {feed.since: (start - SECOND).isoformat(), **feed.sort})


def rest_of(client: Client, feed: Feed, second: dt.datetime) -> Iterator[Page]:
    """More rows in one second than a page holds: that second, and its neighbors, are read to their end by page number."""
    around = {feed.since: (second - SECOND).isoformat(), feed.until: (second + REACH).isoformat()}
    return filled(client.pages(feed.path, {**around, **feed.sort}))


def filled(pages: Iterator[Page]) -> Iterator[Page]:
    return (page for page in pages if page.items)


def notice(resource: str, feed: Feed, row: Raw, server_now: dt.datetime) -> Notice:
    second = feed.changed_at(row)
    key = f"{feed.entity}/{id_of(row.get('id'))}/{second.isoformat()}"
    return Notice(
        resource,
        id=id_of(row.get(feed.record)),
        delivery_id=key if settled(feed, row, server_now) else "",
        changed_at=second,
    )


def settled(feed: Feed, row: Raw, server_now: dt.datetime) -> bool:
    """No further change of this row can bear the same second."""
    return feed.changed_at(row) <= server_now - SETTLED


def _refuse_disorder(seconds: list[dt.datetime], start: dt.datetime) -> None:
    """More rows remain, so the last one must show the way to them."""
    if seconds != sorted(seconds) or seconds[0] < start - SECOND:
        raise Rejected(
            "the store ignores the filter or the order of a list, so its changes cannot be read", code="not_sorted"
        )
