"""When the next piece of work is due, whoever does it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min, QuerySet

from connectors.models import Connection
from hub.books.payouts import turns as payouts
from hub.books.reconciliation import turns as reconciliations
from hub.engine import clock
from hub.intake.backfill.turns import next_round
from hub.models import Event, SyncRecord, WebhookRequest

PAUSES = (
    "lease_until",
    *(f"flow__{end}__{pause}" for end in ("source", "target") for pause in ("paused_until", "spent_until")),
)


def seconds_until_due() -> float | None:
    """Until a record, a stored request, an unresolved notice, a backfill, a reconciliation or a payout file can be
    worked on; negative = now, None = nothing is planned.

    What another worker holds is planned for the end of its lease, what waits for a paused connection for the end of
    the pause. What waits for a login waits for a person, and is not planned.
    """
    others = (next_round(), reconciliations.next_round(), payouts.next_round())
    planned = (_record_due(), _event_due(), _request_due(), *others)
    times = [time for time in planned if time is not None]
    return (min(times) - clock.now()).total_seconds() if times else None


def _record_due() -> dt.datetime | None:
    """The soonest of the latest of each record's hindrances; one query over the groups of hindrances."""
    groups = _planned().values(*PAUSES).annotate(due=Min("due_at")).values_list("due", *PAUSES)
    return min((max(time for time in group if time) for group in groups), default=None)


def _planned() -> QuerySet[SyncRecord]:
    planned = SyncRecord.objects.filter(due_at__isnull=False, flow__enabled=True).order_by()
    for end in ("source", "target"):
        planned = planned.exclude(**{f"flow__{end}__state": Connection.State.NEEDS_LOGIN})
    return planned


def _event_due() -> dt.datetime | None:
    unresolved = Event.objects.exclude(connection__state=Connection.State.NEEDS_LOGIN)
    found: dt.datetime | None = unresolved.aggregate(first=Min("resolve_at"))["first"]
    return found


def _request_due() -> dt.datetime | None:
    stored = WebhookRequest.objects.filter(state=WebhookRequest.State.STORED, retry_at__isnull=False)
    found: dt.datetime | None = stored.aggregate(first=Min("retry_at"))["first"]
    return found
