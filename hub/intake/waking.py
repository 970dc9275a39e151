"""From "this record changed" to records that are due: one for each flow that listens."""

from __future__ import annotations

from django.db.models import Case, F, Q, QuerySet, SmallIntegerField, Value, When
from django.utils import timezone

from connectors.models import Connection
from hub import queue
from hub.engine import clock
from hub.models import Flow, SyncRecord

LIVE, BACKFILL = 0, 10


def listening(connection: Connection, resource: str) -> QuerySet[Flow]:
    """Disabled flows too: they just wait. In the same order for everybody, so that no two wait for each other."""
    return Flow.objects.filter(source=connection, source_resource=resource).order_by("pk")


def make_due(connection: Connection, resource: str, source_id: str, priority: int = LIVE) -> None:
    """Each flow of this resource gets its record, or has it woken. Where none listens, no bell is rung."""
    flows = list(listening(connection, resource))
    for flow in flows:
        now = clock.now()
        record, new = SyncRecord.objects.get_or_create(
            flow=flow,
            source_id=source_id,
            defaults={"due_at": now, "priority": priority, "date": timezone.localdate(now)},
        )
        if not new:
            _wake(record, priority)
    if flows:
        queue.ring()


def _wake(record: SyncRecord, priority: int) -> None:
    """Work that is due keeps the higher urgency; what was at rest takes that of the notice. What is being worked on
    stays so; settling sees that more is wanted."""
    takes_the_notice_s = Q(due_at=None) | Q(priority__gt=priority)
    SyncRecord.objects.filter(pk=record.pk).update(
        wanted=F("wanted") + 1,
        due_at=clock.now(),
        priority=Case(When(takes_the_notice_s, then=priority), default="priority", output_field=SmallIntegerField()),
        state=Case(When(owner="", then=Value(SyncRecord.State.PENDING)), default=F("state")),
    )
