"""Everything changed since a cursor, by `updated_at`, without leaving a row out.

Stamps have whole seconds, rows move while they are read, and a long transaction shows its rows late. So each list is
read in the order of (updated_at, entity_id), always page one of a search that starts where the last page ended; every
poll begins ten minutes back, and remembers what it told of those minutes so as not to tell it again; and a row whose
second may still be going on is told without a delivery id, and once more when its second is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Notice
from connectors.documents import Raw
from connectors.errors import Rejected
from connectors.magento.client import Client, Page
from connectors.magento.reading import id_of, instant, stamp

OVERLAP = dt.timedelta(minutes=10)
SETTLED = dt.timedelta(seconds=60)
SECOND = dt.timedelta(seconds=1)
BEGINNING = "1970-01-01 00:00:00"

Cursor = Mapping[str, Any]
Told = Mapping[str, tuple[str, ...]]
"""Second → ids of the rows that were told as they were in that second."""


@dataclass(frozen=True)
class Feed:
    """One list that says when a resource changed. `record` is the field that holds the resource's id; `shown` the
    row's own id, where the answer names it otherwise than the column."""

    name: str
    path: str
    entity: str
    record: str
    shown: str = "entity_id"

    @property
    def fields(self) -> str:
        columns = dict.fromkeys((self.shown, self.record, "updated_at", "created_at"))
        return f"items[{','.join(columns)}],total_count"


@dataclass(frozen=True)
class Place:
    """Where one list stands: the last second read, and what was told of the ten minutes before it."""

    at: str
    told: Told

    @classmethod
    def read(cls, cursor: Cursor, feed: str) -> Place:
        stored = cursor.get(feed)
        if stored:
            return cls(stored["at"], {second: tuple(ids) for second, ids in stored["told"].items()})
        since = cursor.get("since")
        return cls(stamp(instant(since)) if since else BEGINNING, {})

    def written(self) -> Cursor:
        return {"at": self.at, "told": {second: list(ids) for second, ids in self.told.items()}}

    def knows(self, feed: Feed, row: Raw) -> bool:
        return id_of(row[feed.shown]) in self.told.get(changed_at(row), ())

    def after(self, feed: Feed, page: Page) -> Place:
        """A row dated in the future, by a clock that was wrong for a while, must not carry the cursor there."""
        now = stamp(page.server_now)
        at = max(min(self.at, now), min(changed_at(page.items[-1]), now))
        told = {second: set(ids) for second, ids in self.told.items()}
        for row in page.items:
            if settled(row, page.server_now):
                told.setdefault(changed_at(row), set()).add(id_of(row[feed.shown]))
        oldest = overlapped(at)
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


def pages(client: Client, feed: Feed, at: str) -> Iterator[Page]:
    """Every row changed since ten minutes before `at`, or before now where `at` lies ahead of the shop's clock."""
    start = overlapped(at)
    page = since(client, feed, start)
    latest = overlapped(stamp(page.server_now))
    if start > latest:
        start, page = latest, since(client, feed, latest)
    while page.items:
        yield page
        if page.whole:
            return
        reached = changed_at(page.items[-1])
        _refuse_disorder(page, start)
        if reached == changed_at(page.items[0]):
            yield from rest_of(client, feed, reached)
            reached = stamp(instant(reached) + SECOND)
        start, page = reached, since(client, feed, reached)


def since(client: Client, feed: Feed, start: str) -> Page:
    return client.search(
        feed.path, [("updated_at", "gteq", start)], sort=["updated_at", "entity_id"], fields=feed.fields
    )


def rest_of(client: Client, feed: Feed, second: str) -> Iterator[Page]:
    """A whole page within one second: that second is read to its end by id."""
    return client.pages_by_id(feed.path, [("updated_at", "eq", second)], shown=feed.shown, fields=feed.fields)


def notice(resource: str, feed: Feed, row: Raw, server_now: dt.datetime) -> Notice:
    second = changed_at(row)
    return Notice(
        resource,
        id=id_of(row[feed.record]),
        delivery_id=f"{feed.entity}/{id_of(row[feed.shown])}/{second}" if settled(row, server_now) else "",
        changed_at=instant(second),
    )


def settled(row: Raw, server_now: dt.datetime) -> bool:
    """No further change of this row can bear the same second."""
    return instant(changed_at(row)) <= server_now - SETTLED


def changed_at(row: Raw) -> str:
    return str(row.get("updated_at") or row.get("created_at") or BEGINNING)


def overlapped(second: str) -> str:
    return stamp(max(instant(second) - OVERLAP, instant(BEGINNING)))


def _refuse_disorder(page: Page, start: str) -> None:
    """More rows remain, so the last one must show the way to them."""
    seconds = [changed_at(row) for row in page.items]
    if seconds != sorted(seconds) or seconds[0] < start:
        raise Rejected(
            "the shop ignores the filter or the order of a search, so changes cannot be read", code="not_sorted"
        )
