"""What a person decides about a record. Each makes it due and rings; nothing here touches a posting."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from hub import queue
from hub.engine.doubt import CREATE
from hub.engine.fixes import FIXABLE
from hub.models import Posting, SyncRecord

Person = AbstractBaseUser | AnonymousUser | None
State = SyncRecord.State


class Undecidable(ValueError):
    """The decision does not fit the record; the sentence says why."""


def retry(records: QuerySet[SyncRecord], by: Person = None) -> int:
    """Make records due again; those at work or already waiting are left alone. Postings in doubt stay in doubt: the
    next attempt looks before it does anything."""
    resting = records.filter(state__in=[State.FAILED, State.HELD, State.SKIPPED, State.POSTED, State.WAITING], owner="")
    with transaction.atomic():
        count = resting.update(state=State.PENDING, due_at=timezone.now(), failures=0, starts=0, wanted=F("wanted") + 1)
        queue.ring()
    return count


def fix(record: SyncRecord, values: dict[str, str], by: Person) -> None:
    """Put values in the place of the source's, and replay. Money cannot be fixed here."""
    wrong = sorted(set(values) - set(FIXABLE))
    if wrong:
        raise Undecidable(f"{', '.join(wrong)} cannot be changed here; mend it in the source")
    _decide(record, by, "fix", fixes={**record.fixes, **values})


def skip(record: SyncRecord, reason: str, by: Person) -> None:
    """Not to be booked, in a person's words. Refused while documents of it stand in the books."""
    if not reason.strip():
        raise Undecidable("A skipped record needs a reason")
    if record.postings.filter(resource=record.flow.target_resource).exclude(state=Posting.State.INTENDED).exists():
        raise Undecidable("This record has a document in the books; it cannot be skipped")
    _decide(record, by, "skip", skip=reason.strip())


def link(record: SyncRecord, remote_id: str, by: Person) -> None:
    """Adopt a document that exists in the books: the one the record is held for, else its invoice."""
    key = record.problem.get("posting") or _invoice_key(record)
    _decide(record, by, "link", postings={**record.decision.get("postings", {}), key: remote_id})


def create_anyway(record: SyncRecord, by: Person) -> None:
    """What looks recorded already is something else: post it."""
    key = record.problem.get("posting", "")
    _decide(record, by, "create", postings={**record.decision.get("postings", {}), key: CREATE})


def _invoice_key(record: SyncRecord) -> str:
    posting = record.postings.filter(resource=record.flow.target_resource).first()
    return posting.natural_key if posting else record.number


def use_number(record: SyncRecord, number: str, by: Person) -> None:
    """Post under another number than the order's own."""
    if Posting.objects.filter(
        target=record.flow.target, resource=record.flow.target_resource, natural_key=number
    ).exists():
        raise Undecidable(f"Number {number} is taken already")
    with transaction.atomic():
        record.postings.filter(resource=record.flow.target_resource, state=Posting.State.INTENDED).delete()
        _decide(record, by, "number", number=number)


def accept_edit(record: SyncRecord, reason: str, by: Person) -> None:
    """The difference was booked by hand: from now on this is what the posted order is worth."""
    if record.reason != "edited_after_posting":
        raise Undecidable("This record is not held for an edit")
    _decide(record, by, "accept", accepted_edit=record.problem["digest"], accepted_reason=reason)


def _decide(record: SyncRecord, by: Person, what: str, *, fixes: dict[str, str] | None = None, **more: Any) -> None:
    now = timezone.now()
    entry = {"what": what, "by": str(by or ""), "at": now.isoformat(timespec="seconds"), **more}
    history = [*record.decision.get("history", []), entry]
    with transaction.atomic():
        SyncRecord.objects.filter(pk=record.pk).update(
            decision={**record.decision, **more, "history": history},
            fixes=record.fixes if fixes is None else fixes,
        )
        retry(SyncRecord.objects.filter(pk=record.pk), by)
    record.refresh_from_db()
