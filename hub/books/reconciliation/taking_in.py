"""What nobody has told of an order goes through the inbox like any other notice, to the flow that was compared and to no
other."""

from __future__ import annotations

from django.db import transaction

from connectors.base import Notice
from hub.engine.decisions import LOOK_FIRST
from hub.intake.inbox import accept
from hub.intake.waking import BACKFILL
from hub.models import Event, Flow, SyncRecord


def take_in(flow: Flow, source_id: str) -> None:
    """An order that the hub has never heard of: it is looked for in the books before anything is made there. Safe to
    repeat."""
    with transaction.atomic():
        wake(flow, source_id)
        SyncRecord.objects.filter(flow=flow, source_id=source_id, decision={}).update(decision=LOOK_FIRST)


def wake(flow: Flow, source_id: str) -> None:
    """An order that has changed, and nobody has told."""
    notice = Notice(flow.source_resource, source_id)
    accept(flow.source, notice, door=Event.Door.SWEEP, priority=BACKFILL, flow=flow)
