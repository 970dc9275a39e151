"""One worker per record: claims by conditional update, with a lease and an owner; settling is guarded by the owner."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from connectors.models import Connection
from hub.engine import clock
from hub.engine.outcomes import Outcome
from hub.models import Attempt, Posting, SyncRecord

POISON = 5
"""Starts without an end before a record is put aside: whatever kills its workers must not kill them for ever."""
SUSPECT = 2
EFFECT_RESERVE = dt.timedelta(seconds=30)
"""No effect is begun with less of the lease left than this; one call takes 20 s at most."""


class LeaseLost(Exception):
    """Another worker has taken over. Whoever sees this stops at once and writes nothing."""


@dataclass
class Claim:
    """The right to work on one record until `until`."""

    record: SyncRecord
    attempt: Attempt
    owner: str
    until: dt.datetime

    def renew(self) -> None:
        """Before every effect. Raises LeaseLost."""
        now = clock.now()
        if self.until - now > EFFECT_RESERVE + lease() / 4:
            return
        until = now + lease()
        if not _mine(self).update(lease_until=until):
            raise LeaseLost(str(self.record))
        self.until = until


def lease() -> dt.timedelta:
    return max(dt.timedelta(seconds=settings.LEASE_SECONDS), EFFECT_RESERVE * 1.2)


def due(now: dt.datetime) -> QuerySet[SyncRecord]:
    """What may be worked on now, in the order to do it: live before backfill, then the longest waiting."""
    return SyncRecord.objects.filter(
        Q(owner="") | Q(lease_until__lt=now),
        due_at__lte=now,
        flow__enabled=True,
        flow__source__in=_open_connections(now),
        flow__target__in=_open_connections(now),
    ).order_by("priority", "due_at", "id")


def claim(limit: int = 1, *, suspects: bool = False) -> list[Claim]:
    """Take up to `limit` due records; their starts are committed before any work is done.

    A record whose workers died twice is a suspect: it is taken only where nothing else is at work in this process, so
    that whatever kills it takes no innocents along.
    """
    now = clock.now()
    chosen = Q(starts__gte=SUSPECT) if suspects else Q(starts__lt=SUSPECT)
    with transaction.atomic():
        rows = list(
            _locked(due(now).filter(chosen).select_related("flow__source", "flow__target", "flow__version"))[:limit]
        )
        return [_take(row, now) for row in rows]


def settle(claim: Claim, outcome: Outcome, *, also: Callable[[], None] = lambda: None) -> bool:
    """The one transaction that ends an attempt, with what else belongs into it. Goes back to pending when another
    notice came in between. False, and nothing written, where somebody else owns the record by now."""
    now = clock.now()
    due_at = None if outcome.after is None else now + dt.timedelta(seconds=outcome.after)
    with transaction.atomic():
        settled = _mine(claim).update(
            state=outcome.state,
            reason=outcome.reason,
            message=outcome.message,
            cause=outcome.cause,
            problem=outcome.problem,
            failures=F("failures") + 1 if outcome.counts else 0,
            due_at=due_at,
            settled_at=now,
            starts=0,
            owner="",
            lease_until=None,
        )
        if not settled:
            return False
        SyncRecord.objects.filter(pk=claim.record.pk, wanted__gt=F("working_on")).update(
            state=SyncRecord.State.PENDING, due_at=now
        )
        _end(claim.attempt, outcome, now)
        also()
    return True


def _open_connections(now: dt.datetime) -> QuerySet[Connection]:
    open_now = Q(paused_until__isnull=True) | Q(paused_until__lte=now)
    return Connection.objects.filter(open_now).exclude(state=Connection.State.NEEDS_LOGIN)


def _locked(rows: QuerySet[SyncRecord]) -> QuerySet[SyncRecord]:
    """PostgreSQL skips what others hold; on SQLite the transaction itself is the lock."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _take(record: SyncRecord, now: dt.datetime) -> Claim:
    owner = str(uuid.uuid4())
    until = now + lease()
    if record.owner:
        _bury(record, now)
    record.state, record.owner, record.lease_until = SyncRecord.State.WORKING, owner, until
    record.working_on, record.starts = record.wanted, record.starts + 1
    SyncRecord.objects.filter(pk=record.pk).update(
        state=record.state,
        owner=owner,
        lease_until=until,
        working_on=F("wanted"),
        starts=record.starts,
        version=record.flow.version,
    )
    attempt = Attempt.objects.create(record=record, owner=owner, version=record.flow.version)
    return Claim(record, attempt, owner, until)


def _bury(record: SyncRecord, now: dt.datetime) -> None:
    """Whoever worked on it before is gone: its attempt has no end, and what it held is free."""
    Attempt.objects.filter(record=record, ended_at=None).update(ended_at=now, outcome="died")
    Posting.objects.filter(owner=record.owner).update(owner="", lease_until=None)


def _mine(claim: Claim) -> QuerySet[SyncRecord]:
    return SyncRecord.objects.filter(pk=claim.record.pk, owner=claim.owner)


def _end(attempt: Attempt, outcome: Outcome, now: dt.datetime) -> None:
    attempt.ended_at, attempt.outcome = now, outcome.state
    attempt.reason, attempt.message, attempt.trace = outcome.reason, outcome.message, outcome.trace
    attempt.save(update_fields=["ended_at", "outcome", "reason", "message", "trace", "raw", "built", "effects"])
