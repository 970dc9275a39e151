"""Rows for tests that need no outside system: connections of whatever kinds there are, a flow, records."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from connectors.models import Connection
from hub.models import Flow, SyncRecord
from tests.hub.world import kinds


def make_flow(name: str = "orders", **more: Any) -> Flow:
    source, _ = Connection.objects.get_or_create(name="store", defaults={"kind": kinds("store")[0]})
    target, _ = Connection.objects.get_or_create(name="books", defaults={"kind": kinds("books")[0]})
    given = {"source_resource": "order", "target_resource": "invoice", "enabled": True, **more}
    return Flow.objects.create(name=name, source=source, target=target, **given)


def make_record(flow: Flow, source_id: str = "1", **more: Any) -> SyncRecord:
    given = {"date": dt.date(2026, 3, 2), "due_at": timezone.now() - dt.timedelta(seconds=1), **more}
    return SyncRecord.objects.create(flow=flow, source_id=source_id, **given)
