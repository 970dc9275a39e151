"""What a person decides about a record. Each makes it due and rings; nothing here touches a posting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from hub import queue
from hub.accounting.edits import Way
from hub.engine import choices, clock
from hub.engine.fixes import FIXABLE
from hub.engine.states import NEW, RECORD, origins
from hub.models import Posting, Rate, SyncRecord, TaxRow
from hub.models.postings import SHARED

Person = AbstractBaseUser | AnonymousUser | None
State = SyncRecord.State
LOOK_FIRST = {"look_first": True}
"""A record for which everything is looked for in the books before it is made there."""
WITHDRAWN = ("refund_withdrawn", "payment_withdrawn")
"""What a record is held for whose source took back a document that is in the books."""
RESTING = [origin for origin in origins(RECORD, State.PENDING) if origin not in (NEW, State.WORKING)]


DELETED = "counterpart_deleted"
"""Why a record is held whose counterpart somebody has deleted."""


class Undecidable(ValueError):
    """The decision does not fit the record; the sentence says why."""


def retry(records: QuerySet[SyncRecord], by: Person = None) -> int:
    """Make records due again; those at work or already waiting are left alone. Postings in doubt stay in doubt: the
    next attempt looks before it does anything."""
    resting = records.filter(state__in=RESTING, owner="")
    with transaction.atomic():
        count = resting.update(state=State.PENDING, due_at=clock.now(), failures=0, starts=0, wanted=F("wanted") + 1)
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
    if _in_the_books(record):
        raise Undecidable("This record has a document in the books; it cannot be skipped")
    _decide(record, by, "skip", skip=reason.strip())


def unskip(record: SyncRecord, by: Person) -> None:
    """What a person skipped is booked after all."""
    if not record.decision.get("skip"):
        raise Undecidable("Nobody skipped this record; a rule of its flow did")
    _decide(record, by, "book after all", skip="")


def let_pass(record: SyncRecord, by: Person) -> None:
    """What its flow leaves to a person is booked: just that, and nothing that comes later."""
    if "ask" not in record.problem:
        raise Undecidable("This record is not held for something that its flow leaves to a person")
    kept = [*record.decision.get("let_pass", ()), record.problem["ask"]]
    _decide(record, by, "book", kept={"let_pass": kept})


def link(record: SyncRecord, remote_id: str, by: Person) -> None:
    """Adopt a document that exists in the books: what the record is held for, else its invoice."""
    _choose(record, remote_id.strip(), by, "link")


def create_anyway(record: SyncRecord, by: Person) -> None:
    """What looks recorded already is something else: post it. In the place of a counterpart that was deleted, make a new
    one; the decision is about that one alone."""
    if record.reason == DELETED:
        kept = {**record.decision.get("again", {}), record.problem["posting"]: record.problem["theirs"]["id"]}
        _decide(record, by, "create", kept={"again": kept})
        return
    _choose(record, choices.CREATE, by, "create")


def leave_out(record: SyncRecord, reason: str, by: Person) -> None:
    """Do not post the one payment or credit note that the record is held for."""
    if not record.problem.get("posting", "").partition("/")[2]:
        raise Undecidable("Only a payment or a credit note can be left out; skip the record instead")
    _choose(record, choices.LEAVE_OUT, by, "leave out", left_out_reason=reason)


def keep(record: SyncRecord, reason: str, by: Person) -> None:
    """The document that its source took back stays in the books, in a person's words."""
    if record.state != State.HELD or record.reason not in WITHDRAWN:
        raise Undecidable("This record is not held for a document that its source took back")
    kept = {**record.decision.get("kept", {}), record.problem["posting"]: record.problem["id"]}
    _decide(record, by, "keep", kept={"kept": kept}, kept_reason=reason)


def look_again(record: SyncRecord, by: Person) -> None:
    """Post what is missing, and take what is in the books already: nothing is made before it was looked for."""
    _decide(record, by, "look again", kept=LOOK_FIRST)


def post_again(record: SyncRecord, posting: Posting, by: Person) -> None:
    """Make anew what was posted and is gone from the books. Whether it is gone, the engine sees for itself."""
    key = choices.key(posting)
    kept = {**record.decision.get("again", {}), key: posting.remote_id}
    _decide(record, by, "post again", kept={**LOOK_FIRST, "again": kept}, document=posting.natural_key)


def adopt(record: SyncRecord, key: str, remote_id: str, by: Person) -> None:
    """What the books hold is this document of the record (resource/part), which the hub has not posted."""
    _decide(record, by, "link", postings={**record.decision.get("postings", {}), key: remote_id})


def post_rest(record: SyncRecord, part: str, remote_id: str, held: str, by: Person) -> None:
    """The books hold so much of one payment, under this id: take that as it is, and record the rest beside it."""
    rests = {**record.decision.get("rests", {}), part: {"held": held, "id": remote_id}}
    kept: dict[str, Any] = {**LOOK_FIRST, "rests": rests}
    if not record.postings.filter(resource="payment", part=part, state=Posting.State.DONE).exists():
        key = choices.key_of("payment", part)
        kept["postings"] = {**record.decision.get("postings", {}), key: remote_id}
    _decide(record, by, "post the rest", kept=kept, document=part)


def put_back(record: SyncRecord, posting: Posting, by: Person, misplaced: Sequence[str] = ()) -> None:
    """Credit an invoice as it stands in the books, and invoice the order anew: because somebody changed it there, or
    because it was posted on another date or to another client than its order has (`misplaced`: which of the two)."""
    if record.decision.get("edits"):
        raise Undecidable("The order was edited or canceled since it was invoiced; decide about that on its own page")
    kept = {"put_back": posting.remote_id, "misplaced": list(misplaced)}
    _decide(record, by, "put back", kept=kept, document=posting.natural_key)


def credit_duplicate(record: SyncRecord, remote_id: str, by: Person) -> None:
    """Take back a second invoice of the same order by a credit note of its own."""
    earlier: list[dict[str, str]] = record.decision.get("duplicates", [])
    if any(one["id"] == remote_id for one in earlier):
        retry(SyncRecord.objects.filter(pk=record.pk), by)
        return
    today = timezone.localdate().isoformat()
    kept = {"duplicates": [*earlier, {"id": remote_id, "date": today}]}
    _decide(record, by, "credit the duplicate", kept=kept, document=remote_id)


def use_number(record: SyncRecord, number: str, by: Person) -> None:
    """Post under another number than the order's own. What was decided about the documents of that one is void."""
    number = number.strip()
    if not number or _in_the_books(record):
        raise Undecidable("This record is in the books already; its number stays")
    same = Posting.objects.filter(target=record.flow.target, resource=record.flow.target_resource, natural_key=number)
    if same.exclude(record=record).exists():
        raise Undecidable(f"Number {number} is taken already")
    main = choices.key_of(record.flow.target_resource, "")
    kept = {key: chosen for key, chosen in record.decision.get("postings", {}).items() if key != main}
    _decide(record, by, "number", kept={"postings": kept}, number=number)


def accept_edit(record: SyncRecord, reason: str, by: Person) -> None:
    """What stands in the books is right for the order as it is now; a difference was booked by hand."""
    if "digest" not in record.problem:
        raise Undecidable("This record is not held for a difference that can be accepted")
    kept = {"edits": _edits(record, "ignore")} if "edit" in record.problem else {}
    told = {"accepted_edit": record.problem["digest"], "accepted_reason": reason}
    _decide(record, by, "accept", kept=kept, **told)


def follow_edit(record: SyncRecord, how: Way, digest: str, by: Person) -> None:
    """Post what the edit changed (adjust), or the order anew (reinvoice). `digest` is of the edit that the person saw."""
    seen = record.problem.get("edit")
    if not seen or record.state != State.HELD:
        raise Undecidable("This record is not held for an edit")
    if digest != seen["digest"]:
        raise Undecidable("The order was edited once more meanwhile; look at the difference again")
    _decide(record, by, how, kept={"edits": _edits(record, how), "accepted_edit": ""})


def name_taxes(record: SyncRecord, rows: Iterable[TaxRow], by: Person) -> int:
    """Into the tax table, over rows of the same scope. Returns how many others were held for the same, and are replayed
    with this one."""
    named = list(rows)
    with transaction.atomic():
        for row in named:
            scope: dict[str, Any] = {"name": row.name, "rate": row.rate, "country": row.country, "flow": row.flow}
            TaxRow.objects.update_or_create(**scope, defaults={"to": row.to, "percent": row.percent})
        _decide(record, by, "tax", taxes=[str(row) for row in named])
        return retry(_held_for("unmapped_tax", value__in=[row.name for row in named]), by)


def add_rate(record: SyncRecord, rate: Rate, by: Person) -> int:
    """Into the rate table, in the place of that day's. Returns how many others were held for the same pair."""
    of: dict[str, Any] = {"base": rate.base, "currency": rate.currency, "date": rate.date}
    with transaction.atomic():
        Rate.objects.update_or_create(**of, defaults={"rate": rate.rate, "source": rate.source})
        _decide(record, by, "rate", rate=str(rate))
        return retry(_held_for("no_rate", rate__from=rate.base, rate__to=rate.currency), by)


def _held_for(reason: str, **problem: Any) -> QuerySet[SyncRecord]:
    found = {f"problem__{name}": value for name, value in problem.items()}
    return SyncRecord.objects.filter(state=State.HELD, reason=reason, **found)


def _edits(record: SyncRecord, how: Way) -> list[dict[str, Any]]:
    """Those that count, and this one."""
    edit = dict(record.problem["edit"])
    earlier: list[dict[str, Any]] = record.decision.get("edits", [])[: edit.pop("after")]
    return [*earlier, {"how": how, **edit}]


def _in_the_books(record: SyncRecord) -> bool:
    """Also what may have arrived. Who and what is sold is in the books for many records, and no reason to keep one."""
    if record.flow.target_resource in SHARED:
        return False
    sent = record.postings.filter(resource=record.flow.target_resource)
    return sent.exclude(state__in=(Posting.State.INTENDED, Posting.State.VOIDED)).exists()


def _choose(record: SyncRecord, decided: str, by: Person, what: str, **more: Any) -> None:
    key = record.problem.get("posting") or choices.key_of(record.flow.target_resource, "")
    _decide(record, by, what, postings={**record.decision.get("postings", {}), key: decided}, **more)


def _decide(
    record: SyncRecord,
    by: Person,
    what: str,
    *,
    fixes: dict[str, str] | None = None,
    kept: Mapping[str, Any] = MappingProxyType({}),
    **more: Any,
) -> None:
    """`more` is told in the history, too; `kept` is for the engine only."""
    now = timezone.now()
    entry = {"what": what, "by": str(by or ""), "at": now.isoformat(timespec="seconds"), **more}
    with transaction.atomic():
        decided = SyncRecord.objects.select_for_update().get(pk=record.pk).decision
        SyncRecord.objects.filter(pk=record.pk).update(
            decision={**decided, **more, **kept, "history": [*decided.get("history", []), entry]},
            fixes=record.fixes if fixes is None else fixes,
        )
        retry(SyncRecord.objects.filter(pk=record.pk), by)
    record.refresh_from_db()
