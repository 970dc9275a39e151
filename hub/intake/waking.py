"""From "this record changed" to records that are due: one for each flow that listens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, SmallIntegerField, Value, When
from django.utils import timezone

from connectors.models import Connection
from hub import queue
from hub.engine import clock
from hub.intake.portions import portions
from hub.models import Backfill, Flow, SyncRecord
from hub.models.counterparts import RESOURCES

LIVE, KEPT, BACKFILL = 0, 5, 10
"""Orders wait for no customers and no catalogue, of which a first reading may bring thousands."""
Key = tuple[int, str]
"""A flow's, and the record's id in the source."""


def listening(source: Connection, resource: str) -> QuerySet[Flow]:
    """Disabled flows too: they just wait."""
    return Flow.objects.filter(source=source, source_resource=resource).order_by("pk")


def make_due(flows: Iterable[Flow], source_id: str, priority: int = LIVE, backfill: Backfill | None = None) -> None:
    """Each of these gets its record, or has it woken. Where none listens, no bell is rung."""
    if told := {(flow.pk, source_id): 1 for flow in flows}:
        wake(told, priority, backfill)
        queue.ring()


def wake(notices: Mapping[Key, int], priority: int = LIVE, backfill: Backfill | None = None) -> None:
    """So many notices each. What is not there is made first, then all are locked, then each is told: in one order for
    everybody, so that no two wait for each other. Rings no bell. Belongs into a transaction."""
    today = timezone.localdate(clock.now())
    made = (SyncRecord(flow_id=flow, source_id=id, wanted=0, date=today) for flow, id in sorted(notices))
    SyncRecord.objects.bulk_create(made, ignore_conflicts=True)
    if len(notices) > 1 and connection.features.has_select_for_update:
        list(_records(notices).order_by("pk").select_for_update().values_list("pk"))
    for count in sorted(set(notices.values())):
        for some in portions([key for key, times in notices.items() if times == count]):
            _tell(_records(some), count, priority, backfill)


def _tell(records: QuerySet[SyncRecord], count: int, priority: int, backfill: Backfill | None) -> None:
    """Work that is due keeps the higher urgency; what was at rest takes that of the notice. What is being worked on
    stays so; settling sees that more is wanted."""
    takes_the_notice_s = Q(due_at=None) | Q(priority__gt=priority)
    keeping = Exists(Flow.objects.filter(pk=OuterRef("flow"), target_resource__in=RESOURCES))
    urgency = Case(When(keeping, then=max(priority, KEPT)), default=priority, output_field=SmallIntegerField())
    records.update(
        wanted=F("wanted") + count,
        backfill=backfill or F("backfill"),
        due_at=clock.now(),
        priority=Case(When(takes_the_notice_s, then=urgency), default="priority", output_field=SmallIntegerField()),
        state=Case(When(owner="", then=Value(SyncRecord.State.PENDING)), default=F("state")),
    )


def _records(keys: Iterable[Key]) -> QuerySet[SyncRecord]:
    ids: dict[int, list[str]] = {}
    for flow, id in keys:
        ids.setdefault(flow, []).append(id)
    chosen = Q()
    for flow in ids:
        chosen |= Q(flow=flow, source_id__in=ids[flow])
    return SyncRecord.objects.filter(chosen)
