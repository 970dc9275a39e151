"""Looking for records without trusting a filter.

One that FreshBooks does not know is ignored silently and the full list comes back (API sheet, 2026-06). So a filter
only makes the search cheaper: every page is read to the last one, and every row is compared by us.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from connectors.documents import Raw
from connectors.errors import NotSearchable, RetryLater
from connectors.http import Query

DAY = dt.timedelta(days=1)
PAGE_SIZE = 100
"""The most they give; asking for more is silently cut."""
LOOKS = 2


@dataclass(frozen=True)
class Page:
    """`pages` and `total` are what FreshBooks says of the whole list."""

    rows: list[Raw]
    pages: int
    total: int


Fetch = Callable[[Query], Page]


@dataclass
class _Look:
    """One pass over the list. What is added meanwhile comes first in their order and hides nothing from us; what is
    deleted meanwhile may draw another row over the edge of a page that we have read."""

    seen: set[str] = field(default_factory=set)
    found: dict[str, Raw] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)

    def read(self, page: Page, match: Callable[[Raw], bool]) -> None:
        self.totals.append(page.total)
        self.seen |= {id_of(row) for row in page.rows}
        self.found |= {id_of(row): row for row in page.rows if match(row)}

    @property
    def complete(self) -> bool:
        return len(self.seen) >= self.totals[0]

    @property
    def moved(self) -> bool:
        return len(set(self.totals)) > 1


def look(fetch: Fetch, filters: Mapping[str, str], match: Callable[[Raw], bool]) -> dict[str, Raw]:
    """Every row that `match` accepts, by id. Raises NotSearchable where FreshBooks counts more than it shows."""
    for _ in range(LOOKS):
        current = _Look()
        for page in _pages(fetch, filters):
            current.read(page, match)
        if current.complete:
            return current.found
    if current.moved:
        raise RetryLater("The list changed in FreshBooks while it was read", code="list_moved")
    raise NotSearchable(
        f"FreshBooks counts {current.totals[0]} records but shows this login {len(current.seen)}; "
        "log in as an owner or administrator",
        code="rows_hidden",
    )


def _pages(fetch: Fetch, filters: Mapping[str, str]) -> Iterator[Page]:
    """Up to the last page, or to one that only repeats."""
    wanted = [(f"search[{name}]", value) for name, value in filters.items()]
    number, last = 1, list[Raw]()
    while True:
        page = fetch([*wanted, ("page", str(number)), ("per_page", str(PAGE_SIZE))])
        yield page
        if not page.rows or page.rows == last or number >= page.pages:
            return
        number, last = number + 1, page.rows


def between(start: dt.date, end: dt.date) -> dict[str, str]:
    """The days from `start` to `end`: their `max` is exclusive."""
    return {"date_min": start.isoformat(), "date_max": (end + DAY).isoformat()}


def id_of(raw: Raw) -> str:
    return str(raw["id"])
