"""Ids by business date, for backfill and the completeness sweep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from connectors.clarity.paging import pages
from connectors.clarity.record import Record

if TYPE_CHECKING:
    from connectors.clarity.connector import ClarityConnector

DAY = dt.timedelta(days=1)


def dated_between(
    connector: ClarityConnector, name: str, kind: str, dates: Sequence[str], start: dt.date, end: dt.date
) -> Iterator[str]:
    """Sites list by change time only. What was placed on a day has changed on that day or later, so all that changed
    since then is read, and what is dated after the last day left out. A row without a date may be of any."""
    terms = connector.site.terms
    since = dt.datetime.combine(start - DAY, dt.time.min, terms.zone)
    told: set[str] = set()
    for turned in pages(connector.client, connector.client.endpoint(name), since=since):
        for record in (Record(kind, row, terms) for row in turned.page.items):
            moment = next((found for date in dates if (found := record.instant(date))), None)
            day = moment.astimezone(terms.zone).date() if moment else start
            if start <= day <= end and record.id() and record.id() not in told:
                told.add(record.id())
                yield record.id()
