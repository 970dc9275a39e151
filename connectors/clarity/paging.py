"""Every row of a list, in whichever style it is paged, however it moves while it is read.

Lists are sorted by change time, so that a row that changes meanwhile goes to the end, and each row behind it one place
to the front: over the border of a page, where it would be seen by nobody. So after each further page the one before it
is read once more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connectors.clarity.addressing import Values, asked
from connectors.clarity.client import Client, Page
from connectors.clarity.endpoints import Endpoint
from connectors.clarity.reading import at, id_of
from connectors.documents import Raw

ALL: Values = {}
"""Of a list: without any filter."""


@dataclass(frozen=True)
class Turned:
    """A page, and its number or offset, by which it can be asked for again; None where the site keeps the place."""

    page: Page
    number: int | None = None
    again: bool = False
    """It was read before, and is read once more."""


@dataclass(frozen=True)
class Asked:
    """A list, and what of it is asked for. `only` fills the placeholders of its filters."""

    client: Client
    endpoint: Endpoint
    id: str = ""
    since: dt.datetime | None = None
    only: Values = field(default_factory=dict)

    def page(self, number: int | None = None, cursor: str = "") -> Page:
        where = asked(id=self.id, since=self.since, page=number, size=self.endpoint.size, cursor=cursor)
        return self.client.page(self.endpoint, {**where, **self.only})

    def following(self, told: str) -> Page:
        """A whole address is followed as it is; anything else is a cursor to be sent along."""
        if told.startswith(("/", "http://", "https://")):
            return self.client.page(self.endpoint, ALL, following=_absolute(self.client, told))
        return self.page(cursor=told)


def every(
    client: Client, name: str, *, id: str = "", since: dt.datetime | None = None, only: Values = ALL
) -> list[Raw]:
    """The rows of a short list, each once."""
    found: dict[str, Raw] = {}
    for turned in pages(client, client.endpoint(name), id=id, since=since, only=only):
        found |= {_key(row, position): row for position, row in enumerate(turned.page.items, len(found))}
    return list(found.values())


def pages(
    client: Client,
    endpoint: Endpoint,
    *,
    id: str = "",
    since: dt.datetime | None = None,
    only: Values = ALL,
    begin: int | None = None,
) -> Iterator[Turned]:
    """`begin` is the number of a page that an earlier reading came to."""
    wanted = Asked(client, endpoint, id, since, only)
    if endpoint.numbered:
        yield from _numbered(wanted, endpoint.start if begin is None else begin)
    else:
        yield from _linked(wanted)


def _numbered(wanted: Asked, number: int) -> Iterator[Turned]:
    """To the first page that is empty or repeats the one before; a short one is no sign of the end, for the site may
    allow fewer rows than were asked for."""
    before: Page | None = None
    place, earlier, seen = number, number, 0
    while True:
        page = wanted.page(place)
        if not page.items or (before and page.items == before.items):
            return
        yield Turned(page, place)
        if before:
            yield Turned(wanted.page(earlier), earlier, again=True)
        seen += len(page.items)
        if number == wanted.endpoint.start and page.matching is not None and seen >= page.matching:
            return
        before, earlier = page, place
        place += 1 if wanted.endpoint.page_style == "page_number" else len(page.items)


def _linked(wanted: Asked) -> Iterator[Turned]:
    """As the answers lead: the site keeps the place. A way that leads back to where it came from has ended."""
    page = wanted.page()
    followed: set[str] = set()
    while True:
        yield Turned(page)
        if not page.following or page.following in followed:
            return
        followed.add(page.following)
        page = wanted.following(page.following)


def _absolute(client: Client, following: str) -> str:
    """A path is one of the host, not one below the site's address."""
    if "://" in following:
        return following
    scheme, _, rest = client.http.base_url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}{following}"


def _key(row: Mapping[str, object], position: int) -> str:
    return id_of(at(row, "id")) or f"#{position}"
