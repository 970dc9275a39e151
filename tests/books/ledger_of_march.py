"""Some trade of March 2026 as the engine leaves it behind, on days of our choosing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hub.models import Flow, Posting, SyncRecord
from hub.models.records import SyncRecord as Record
from tests.admin import town

NOW = dt.datetime(2026, 4, 3, 9, tzinfo=dt.UTC)
"""March is over, wherever on earth."""


def sold(flow: Flow, id: int, day: dt.date, **more: Any) -> Record:
    """Posted, with its documents."""
    return on(town.posted(flow, id, **more), day)


def held(flow: Flow, id: int, day: dt.date) -> Record:
    return on(town.record(flow, id, SyncRecord.State.HELD, **town.NO_EMAIL), day)


def on(record: Record, day: dt.date, posted: dt.date | None = None) -> Record:
    """With that business date, and its documents dated so, or on another day."""
    SyncRecord.objects.filter(pk=record.pk).update(date=day)
    dated = Posting.objects.filter(record=record).exclude(resource="client")
    dated.update(date=posted or day, business_date=day)
    record.date = day
    return record


def worth(record: Record) -> Decimal:
    return Decimal(record.total)
