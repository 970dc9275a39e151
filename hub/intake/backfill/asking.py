"""What a person asks of a backfill: a preview, its start, a pause, to go on, to stop."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from hub import queue
from hub.engine import clock
from hub.intake.backfill.days import REOPENED
from hub.intake.edges import DAY
from hub.intake.waking import BACKFILL
from hub.models import Backfill, Event, Flow, SyncRecord

State = Backfill.State
LONGEST = 3660 * DAY


class BackfillError(ValueError):
    """What was asked cannot be done; `field` names the argument, `remedy` says what can."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.field = field
        self.remedy = remedy


def ask(flow: Flow, start: dt.date, end: dt.date, *, by: Any = "", reason: str = "", look_first: bool) -> Backfill:
    """A new backfill: previewed first, or running at once. Raises BackfillError."""
    require_possible(flow, start, end)
    with transaction.atomic():
        made = Backfill.objects.create(
            flow=flow,
            start=start,
            end=end,
            reached=start,
            asked_by=str(by)[:150],
            reason=reason[:300],
            next_at=clock.now(),
            state=State.PREVIEWING if look_first else State.PREVIEWED,
        )
        if not look_first:
            begin(made)
        queue.ring()
    return made


def require_possible(flow: Flow, start: dt.date, end: dt.date) -> None:
    """Raises BackfillError."""
    source = flow.source
    if not source.connector_class.resources[flow.source_resource].offers("list_ids"):
        what = f"{source} cannot list its {flow.source_resource}s by date"
        raise BackfillError("flow", what, "Its history comes in by polling: set “poll from” on the connection.")
    if start > end:
        raise BackfillError("start", f"The first day, {start}, is after the last, {end}", "Exchange the two days.")
    if end - start > LONGEST:
        raise BackfillError("end", f"{start} to {end} is more than ten years", "Ask for fewer days at a time.")


def begin(backfill: Backfill) -> None:
    """From a preview, finished or not, to the real thing. Raises BackfillError."""
    now = clock.now()
    fresh = {"reached": backfill.start, "started_at": now, "next_at": now, "failures": 0}
    try:
        with transaction.atomic():
            _move(backfill, (State.PREVIEWING, State.PREVIEWED), State.RUNNING, **fresh)
            queue.ring()
    except IntegrityError:
        raise _another(backfill.flow) from None


def pause(backfill: Backfill) -> None:
    """Nothing more is fed, and what has not begun rests; what has begun is finished. Raises BackfillError."""
    with transaction.atomic():
        _move(backfill, (State.RUNNING,), State.PAUSED)
        not_begun(backfill).update(due_at=None)


def resume(backfill: Backfill) -> None:
    """Raises BackfillError."""
    now = clock.now()
    with transaction.atomic():
        _move(backfill, (State.PAUSED,), State.RUNNING, next_at=now, failures=0)
        not_begun(backfill).filter(due_at=None).update(due_at=now)
        queue.ring()


def stop(backfill: Backfill) -> None:
    """For good. What has not begun is taken back, as if it had never been listed; what has begun is finished. Raises
    BackfillError."""
    with transaction.atomic():
        _move(backfill, (*Backfill.MOVING, State.PREVIEWED, State.PAUSED), State.STOPPED, ended_at=clock.now())
        _take_back(backfill)


def not_begun(backfill: Backfill) -> QuerySet[SyncRecord]:
    """What it has fed and nobody has touched since. A live notice takes a record over by its priority."""
    untouched = Q(working_on=0) | Q(reason__in=REOPENED)
    return backfill.records.filter(untouched, state=SyncRecord.State.PENDING, owner="", priority=BACKFILL)


def _take_back(backfill: Backfill) -> None:
    """What was new goes with its events, so that it counts on neither side; what had been skipped is skipped again."""
    flow = backfill.flow
    new = dict(not_begun(backfill).filter(working_on=0).select_for_update().values_list("source_id", "pk"))
    heard = Event.objects.filter(flow=flow, connection=flow.source, resource=flow.source_resource)
    heard.filter(door=Event.Door.BACKFILL, source_id__in=new).delete()
    SyncRecord.objects.filter(pk__in=new.values()).delete()
    not_begun(backfill).update(state=SyncRecord.State.SKIPPED, due_at=None)


def _move(backfill: Backfill, origins: tuple[str, ...], state: str, **more: Any) -> None:
    """One guarded update, which also locks out a worker's round until we commit."""
    values = {"state": state, "problem": "", **more}
    if not Backfill.objects.filter(pk=backfill.pk, state__in=origins).update(**values):
        backfill.refresh_from_db()
        now = backfill.get_state_display()
        raise BackfillError("state", f"This backfill is {now}", "Look again: somebody may have been quicker.")
    backfill.refresh_from_db()


def _another(flow: Flow) -> BackfillError:
    other = Backfill.objects.filter(flow=flow, state__in=Backfill.OPEN).first()
    what = f"Another backfill of this flow is not finished: {other.start} to {other.end}" if other else "Try again"
    return BackfillError("flow", what, "Let it finish, or stop it first.")
