"""The agreement equation day by day: the same counts as over a range, by a handful of queries for the whole of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from hub.books.agreement import Pair, money_flows, pairs
from hub.models import Flow


def by_day(start: dt.date, end: dt.date, flows: Iterable[Flow] | None = None) -> Iterator[tuple[dt.date, Pair]]:
    """Over inclusive business dates; flow by flow, then by day and currency. Days without trade are left out."""
    for flow in money_flows() if flows is None else flows:
        yield from pairs(flow, start, end, by_day=True)
