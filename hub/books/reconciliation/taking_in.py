"""An order that the hub has never heard of goes through the inbox like any other, and is looked for in the books before
anything is made there."""

from __future__ import annotations

from django.db import transaction

from connectors.base import Notice
from hub.engine.decisions import LOOK_FIRST
from hub.intake.inbox import accept
from hub.intake.waking import BACKFILL
from hub.models import Event, Flow, SyncRecord


def take_in(flow: Flow, source_id: str) -> None:
    """Safe to repeat."""
    with transaction.atomic():
        accept(flow.source, Notice(flow.source_resource, source_id), door=Event.Door.SWEEP, priority=BACKFILL)
        SyncRecord.objects.filter(flow=flow, source_id=source_id, decision={}).update(decision=LOOK_FIRST)
