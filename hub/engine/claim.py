"""One worker per record: claims by conditional update, with a lease and an owner; settling is guarded by the owner."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from connectors.models import Connection
from hub.engine import clock
from hub.engine.outcomes import Outcome
from hub.models import Attempt, Flow, Posting, SyncRecord

POISON = 5
"""Starts without an end before a record is put aside: whatever kills its workers must not kill them for ever."""
SUSPECT = 2
CALL = dt.timedelta(seconds=22)
"""The longest that one call takes, and a little."""
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
    holding: set[int] = field(default_factory=set)
    """Postings that are its own for now; their leases never end before its own."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the attempt has learned of the record; written when it is settled."""

    def renew(self) -> None:
        """Before every call, so that nobody takes over from a worker that is slow but alive. Raises LeaseLost."""
        now = clock.now()
        if self.until - now > EFFECT_RESERVE + lease() / 4:
            return
        until = now + lease()
        held = Posting.objects.filter(pk__in=self.holding, owner=self.owner)
        with transaction.atomic():
            if not _mine(self).update(lease_until=until) or held.update(lease_until=until) < len(self.holding):
                raise LeaseLost(str(self.record))
        self.until = until

    def require_time(self) -> None:
        """At the very moment of an effect: whoever was stopped since the last renewal does not begin it any more.
        Raises LeaseLost."""
        if self.until - clock.now() < CALL:
            raise LeaseLost(str(self.record))


def lease() -> dt.timedelta:
    return max(dt.timedelta(seconds=settings.LEASE_SECONDS), EFFECT_RESERVE * 1.2)


def due(now: dt.datetime) -> QuerySet[SyncRecord]:
    """What may be worked on now, in the order to do it: live before backfill, then the longest waiting."""
    return SyncRecord.objects.filter(
        Q(owner="") | Q(lease_until__lt=now),
        due_at__lte=now,
        flow__enabled=True,
        flow__source__in=Connection.objects.ready(now),
        flow__target__in=Connection.objects.ready(now),
    ).order_by("priority", "due_at", "id")


def claim(limit: int = 1, *, suspects: bool = False) -> list[Claim]:
    """Take up to `limit` due records; their starts are committed before any work is done.

    A record whose workers died twice is a suspect: it is taken only where nothing else is at work in this process, so
    that whatever kills it takes no innocents along.
    """
    now = clock.now()
    chosen = Q(starts__gte=SUSPECT) if suspects else Q(starts__lt=SUSPECT)
    with transaction.atomic():
        records = list(_locked(due(now).filter(chosen))[:limit])
        return _taken(records, now) if records else []


def settle(claim: Claim, outcome: Outcome, *, also: Callable[[], None] = lambda: None) -> bool:
    """The one transaction that ends an attempt, with what else belongs into it. Goes back to pending when another
    notice came in between. False, and nothing written, where somebody else owns the record by now."""
    now = clock.now()
    ended = {
        "state": outcome.state,
        "reason": outcome.reason,
        "message": outcome.message,
        "cause": outcome.cause,
        "problem": outcome.problem,
        "failures": F("failures") + 1 if outcome.counts else 0,
        "due_at": None if outcome.after is None else now + dt.timedelta(seconds=outcome.after),
        "settled_at": now,
        "starts": 0,
        "owner": "",
        "lease_until": None,
        **claim.facts,
    }
    with transaction.atomic():
        settled = _mine(claim).filter(wanted=F("working_on")).update(**ended)
        wanted_again = ended | {"state": SyncRecord.State.PENDING, "due_at": now}
        if not settled and not _mine(claim).update(**wanted_again):
            return False
        _end(claim.attempt, outcome, now)
        also()
    return True


def _locked(rows: QuerySet[SyncRecord]) -> QuerySet[SyncRecord]:
    """PostgreSQL skips what others hold; on SQLite the transaction itself is the lock."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _taken(records: list[SyncRecord], now: dt.datetime) -> list[Claim]:
    """All with as many statements as one. Each has an owner of its own, since two of them may want the same posting."""
    batch, until = uuid.uuid4().hex[:16], now + lease()
    edited = ("policy", "steps")  # what runs is the version
    flows = (
        Flow.objects.select_related("source", "target", "version")
        .defer(*edited)
        .in_bulk({record.flow_id for record in records})
    )
    for record in records:
        if record.owner:
            _bury(record, now)
        record.flow = flows[record.flow_id]
        record.state, record.owner, record.lease_until = SyncRecord.State.WORKING, f"{batch}-{record.pk}", until
        record.working_on, record.starts = record.wanted, record.starts + 1
    for flow in flows.values():
        SyncRecord.objects.filter(pk__in=[record.pk for record in records if record.flow_id == flow.pk]).update(
            state=SyncRecord.State.WORKING,
            owner=Concat(Value(f"{batch}-"), Cast("pk", CharField())),
            lease_until=until,
            working_on=F("wanted"),
            starts=F("starts") + 1,
            version=flow.version,
        )
    attempts = Attempt.objects.bulk_create(
        Attempt(record=record, owner=record.owner, version=record.flow.version) for record in records
    )
    return [Claim(record, attempt, record.owner, until) for record, attempt in zip(records, attempts, strict=True)]


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
