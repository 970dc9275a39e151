"""What is not at rest, for whoever has to find out why."""

from __future__ import annotations

from django.db.models import Count, Model, QuerySet

from connectors.models import Connection, RateBudget
from hub.engine import clock
from hub.engine.schedule import seconds_until_due
from hub.models import Attempt, Event, SyncRecord, WebhookRequest


def unrest() -> str:
    """Empty if all is at rest."""
    due = seconds_until_due()
    if due is None:
        return ""
    told = [
        f"not at rest: something is due in {due:.1f} s; it is {clock.now():%H:%M:%S}",
        f"records: {counted(SyncRecord.objects.exclude(due_at=None, owner=''), 'state', 'reason', 'starts')}",
        f"attempts: {counted(Attempt.objects.all(), 'outcome', 'reason')}",
        f"notices to be resolved: {Event.objects.exclude(resolve_at=None).count()}",
        f"requests to be read: {WebhookRequest.objects.filter(state=WebhookRequest.State.STORED).count()}",
        *(f"{one}: {one.state}, {one.paused_until=}, {one.spent_until=}" for one in Connection.objects.all()),
        *(f"{one}, until {one.ends_at}, of {one.seconds} s" for one in RateBudget.objects.all()),
    ]
    return "\n".join(told)


def counted(rows: QuerySet[Model], *names: str) -> str:
    groups = rows.order_by().values_list(*names).annotate(count=Count("pk")).order_by("-count")
    return ", ".join(f"{count} {'/'.join(map(str, group))}" for *group, count in groups)
