"""Everything changed since a cursor, without leaving a row out.

Every poll begins ten minutes back (the sheet, 4.4). Where a list says when its rows changed and is sorted by that, the
next page is page one of what changed since the last row, so that nothing can slip over the border of a page. A list
that does not say so, as that of payments, is read page by page, and what its newest rows said is remembered.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.base import Notice
from connectors.clarity.client import Client, Page
from connectors.clarity.dates import stamp
from connectors.clarity.endpoints import Endpoint
from connectors.clarity.paging import pages
from connectors.clarity.record import Record, Terms
from connectors.clarity.refusals import offers_us_nothing
from connectors.errors import Rejected

OVERLAP = dt.timedelta(minutes=10)
SETTLED = dt.timedelta(seconds=60)
"""Stamps may have whole seconds, and a row whose second is not over may change within it once more."""
SLACK = dt.timedelta(seconds=1)
"""Whether "since" includes its instant, no sheet tells."""
REMEMBERED = 200
"""Rows without a change time of which is remembered what they said: those of the last ten minutes, and some more."""
BEGINNING = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
Cursor = Mapping[str, Any]


@dataclass(frozen=True)
class Feed:
    """One list that says when a resource changed. `names` is the field that holds the resource's id."""

    endpoint: str
    kind: str
    names: str
    optional: bool = False


@dataclass(frozen=True)
class Place:
    """Where one list stands: everything changed before `at` was told, by the site's clock. Of a reading that is not at
    its end, `page` is where it is and `begun` when it began. `told`: what the newest rows without a stamp said."""

    at: dt.datetime
    page: int | None = None
    begun: dt.datetime | None = None
    told: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, cursor: Cursor, feed: Feed) -> Place:
        stored = cursor.get(feed.endpoint)
        if not stored:
            return cls(_moment(cursor.get("since")) or BEGINNING)
        told = tuple((id, digest) for id, digest in stored.get("told", ()))
        at = _moment(stored["at"]) or BEGINNING
        return cls(at, stored.get("page"), _moment(stored.get("begun")), told)

    def written(self) -> Cursor:
        """What says nothing is left out."""
        begun = stamp(self.begun) if self.begun else None
        kept = {"page": self.page, "begun": begun, "told": [list(one) for one in self.told]}
        return {"at": stamp(self.at), **{name: value for name, value in kept.items() if value}}

    @property
    def start(self) -> dt.datetime:
        return max(self.at - OVERLAP, BEGINNING)

    def remembering(self, said: Mapping[str, str]) -> Place:
        earlier = {id: digest for id, digest in self.told if id not in said}
        return replace(self, told=tuple({**earlier, **said}.items())[-REMEMBERED:])


def changed(
    client: Client, terms: Terms, resource: str, feeds: Sequence[Feed], cursor: Cursor
) -> Iterator[tuple[Notice, Cursor]]:
    """Notices of all the feeds, each with the cursor to store after it. Within a page that cursor still points to the
    page's start: a stop there repeats a page, which is harmless."""
    for feed in feeds:
        endpoint = client.site.offers(feed.endpoint)
        if endpoint is None:
            continue
        reading = Reading(client, terms, resource, feed, endpoint, Place.read(cursor, feed))
        last: Notice | None = None
        try:
            for notice, reached in reading.notices():
                if last:
                    yield last, cursor
                last, cursor = notice, {**cursor, feed.endpoint: reached.written()}
        except Rejected as error:
            if not (feed.optional and offers_us_nothing(error)):
                raise
        if last:  # held back until the list was known to be at its end
            cursor = {**cursor, feed.endpoint: reading.place.written()}
            yield last, cursor


@dataclass
class Reading:
    """One list, from one place to its end."""

    client: Client
    terms: Terms
    resource: str
    feed: Feed
    endpoint: Endpoint
    place: Place
    latest: dt.datetime | None = None
    """The newest stamp of a row. Without any, only the site's clock tells how far was read."""
    seen: deque[dict[str, str]] = field(default_factory=lambda: deque(maxlen=3))
    """What the rows of the pages before said: pages overlap, so that nothing slips between them."""

    def notices(self) -> Iterator[tuple[Notice, Place]]:
        """Each with the place that is reached once it was told."""
        start: dt.datetime | None = self.place.start
        while start:
            start = yield from self._since(start)
        newest = max(self.latest, self.place.at) if self.latest else self.place.begun
        self.place = Place(newest or self.place.at, told=self.place.told)

    def _since(self, start: dt.datetime) -> Generator[tuple[Notice, Place], None, dt.datetime | None]:
        """Returns from when on to ask anew, or None at the end of the list. From a further page on only when the one
        before it was read once more, for what has moved onto it."""
        leap: dt.datetime | None = None
        at_first = True
        for turned in pages(self.client, self.endpoint, since=start, begin=self._begin()):
            rows = [Record(self.feed.kind, row, self.terms) for row in turned.page.items]
            begun = self.place.begun or turned.page.server_now
            if not turned.again:
                leap = self._further(rows, start)
            further = leap if at_first or turned.again else None
            at_first = False
            reached = replace(self.place, page=turned.number, begun=begun)
            if further:
                reached = Place(min(further + SLACK, turned.page.server_now), told=self.place.told)
            self._note_latest(rows, turned.page)
            yield from self._told(rows, turned.page, reached)
            if further:
                return further
        return None

    def _note_latest(self, rows: Sequence[Record], page: Page) -> None:
        """A row dated in the future, by a clock that was wrong for a while, must not carry the cursor there."""
        for moment in filter(None, (row.instant("updatedAt") for row in rows)):
            self.latest = max(self.latest or BEGINNING, min(moment, page.server_now))

    def _begin(self) -> int | None:
        """One page before the one that an earlier reading came to: rows have moved to the front since."""
        if self.place.page is None:
            return None
        step = 1 if self.endpoint.page_style == "page_number" else self.endpoint.size
        return max(self.place.page - step, self.endpoint.start)

    def _further(self, rows: Sequence[Record], start: dt.datetime) -> dt.datetime | None:
        """From when on to ask for what comes after these rows; None where they do not show the way: without stamps, in
        no order, or in one that nobody has asked for, from before what was asked for, or all of one second."""
        stamps = [row.instant("updatedAt") for row in rows]
        known = [one for one in stamps if one]
        if (
            not (self.endpoint.numbered and self.endpoint.sorted)
            or not known
            or len(known) < len(stamps)
            or known != sorted(known)
        ):
            return None
        further = known[-1] - SLACK
        return further if known[0] >= start.replace(microsecond=0) and further > start else None

    def _told(self, rows: Sequence[Record], page: Page, reached: Place) -> Iterator[tuple[Notice, Place]]:
        """What a row has said a page ago is not told again; nor what one without a stamp has said in an earlier poll."""
        said = {row.id(): _digest(row) for row in rows}
        unstamped = {row.id(): said[row.id()] for row in rows if not row.instant("updatedAt")}
        known = set(dict(self.place.told).items() & unstamped.items()).union(*(page.items() for page in self.seen))
        fresh = (row for row in rows if row.id(self.feed.names) and (row.id(), said[row.id()]) not in known)
        told = [self._notice(row, page.server_now) for row in fresh]
        self.seen.append(said)
        reached = reached.remembering(unstamped)
        for notice in told[:-1]:
            yield notice, self.place
        self.place = reached
        if told:
            yield told[-1], reached

    def _notice(self, row: Record, now: dt.datetime) -> Notice:
        moment = row.instant("updatedAt")
        settled = moment is not None and moment <= now - SETTLED
        return Notice(
            self.resource,
            id=row.id(self.feed.names),
            delivery_id=f"{self.feed.endpoint}/{row.id()}/{moment.isoformat()}" if moment and settled else "",
            changed_at=moment,
        )


def _moment(written: str | None) -> dt.datetime | None:
    if not written:
        return None
    found = dt.datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _digest(row: Record) -> str:
    """Of all that the row says."""
    return hashlib.sha256(json.dumps(row.raw, sort_keys=True, default=str).encode()).hexdigest()[:16]
