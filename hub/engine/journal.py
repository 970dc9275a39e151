"""The rows of the posting journal, and the only moves they make. Every move is committed before the next call, and
made only by the worker that owns the posting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError
from django.db.models import Q

from connectors.base import Remote
from connectors.documents import Document, Order
from hub.accounting.deltas import Stand
from hub.accounting.origin import gift_cards, origin
from hub.engine import clock, lock_date
from hub.engine.build import Built
from hub.engine.claim import LeaseLost, lease
from hub.engine.context import Run
from hub.engine.keys import digest, money_digest
from hub.engine.states import POSTING, origins
from hub.errors import NotYet
from hub.models import Posting
from hub.models.postings import SHARED

State = Posting.State


@contextmanager
def owned(posting: Posting, run: Run) -> Iterator[None]:
    """One worker per posting: two records may want the same new client at the same moment. A posting made just now is
    its maker's already; a finished one was let go with its last move."""
    if posting.owner != run.claim.owner:
        _take(posting, run)
    try:
        yield
    finally:
        run.claim.holding.discard(posting.pk)
        if posting.owner == run.claim.owner:
            Posting.objects.filter(pk=posting.pk, owner=posting.owner).update(owner="", lease_until=None)
            posting.owner = ""


def intended(built: Built, run: Run, *, at_once: bool = False) -> tuple[Posting, bool]:
    """The row under this natural key, and whether it is new: then it is ours to go on with. `at_once`: where it is new,
    it is about to be sent, unless its day was closed meanwhile: then nothing is written, and NotYet raised."""
    posting = Posting(
        target=run.flow.target,
        resource=built.step.resource,
        natural_key=built.natural_key,
        record=run.record,
        part=built.part,
        edit=built.edit,
        step=built.step.name,
        owner=run.claim.owner,
        **content(built.document),
        **_background(built),
        **(
            _going_out(run, sends=1, **stands_for(built.step.resource, built.part, run))
            if at_once
            else {"lease_until": clock.now() + lease()}
        ),
    )
    try:
        _insert(posting, run)
    except IntegrityError:
        lock_date.require_open(posting.date, str(posting), run)
        return _there_already(posting), False
    run.claim.holding.add(posting.pk)
    if at_once:
        run.going_out.add(posting.pk)
    return posting, True


def _there_already(posting: Posting) -> Posting:
    """Under the same natural key, or for the same part of the record under the key that it was given then."""
    alike = Posting.objects.select_related("record").filter(target=posting.target, resource=posting.resource)
    of_record = Q(record=posting.record, part=posting.part) & ~Q(resource__in=SHARED)
    found = alike.filter(Q(natural_key=posting.natural_key) | of_record)
    return min(found, key=lambda one: one.natural_key != posting.natural_key)


def _insert(posting: Posting, run: Run) -> None:
    """What is about to be sent is refused by the database itself where its day is closed."""
    state = posting.state
    if state == State.SENT and posting.date:
        posting.state = lock_date.unless_closed(State.SENT, posting.date, run)
    try:
        posting.save(force_insert=True)
    finally:
        posting.state = state


def content(document: Document) -> dict[str, Any]:
    """What a posting holds of its document."""
    return {
        "document": document.model_dump(mode="json"),
        "digest": digest(document),
        "date": getattr(document, "date", None),
        "currency": getattr(document, "currency", "") or "",
        "total": getattr(document, "total", getattr(document, "amount", None)),
    }


def _background(built: Built) -> dict[str, Any]:
    """What a posting holds of what the source says beyond the document."""
    return {
        "business_date": built.business_date,
        "origin": origin(built.wanted),
        "gift_cards": gift_cards(built.wanted),
    }


def follow_source(posting: Posting, built: Built, run: Run) -> None:
    """What was written down by an earlier attempt, of an order that changed meanwhile."""
    background = _background(built)
    if any(getattr(posting, name) != value for name, value in background.items()):
        _move(posting, run, **background)


def sent(posting: Posting, built: Built, run: Run) -> None:
    """Written down before the call: from here on the outcome is in doubt until `created` or `unsent`. Raises NotYet,
    and nothing is written, where the document's day was closed meanwhile."""
    going = _going_out(run, sends=posting.sends + 1, **stands_for(posting.resource, posting.part, run))
    values = {**going, **content(built.document), **_background(built)}
    if not _moved(posting, run, values, lock_date.still_open(values["date"], run)):
        lock_date.require_open(values["date"], str(posting), run)
        raise LeaseLost(str(posting))
    run.going_out.add(posting.pk)


def _going_out(run: Run, *, sends: int, **stood: Any) -> dict[str, Any]:
    run.claim.renew()
    now = clock.now()
    return {
        "state": State.SENT,
        "sent_at": now,
        "lease_until": now + lease(),
        "looks": 0,
        "looked_at": None,
        "sends": sends,
        **stood,
    }


def unsent(posting: Posting, run: Run) -> None:
    """In doubt no longer: it did not happen, or nothing of it is left."""
    _move(posting, run, state=State.INTENDED, sent_at=None, looks=0, looked_at=None)


def looked(posting: Posting, run: Run) -> None:
    _move(posting, run, looks=posting.looks + 1, looked_at=clock.now())


def created(
    posting: Posting, remote: Remote, run: Run, *, adopted: bool = False, note: str = "", final: bool = False
) -> None:
    """The document exists: from now on it is finished, never made again. `final`: it has nothing to prove. What was
    there already keeps the date that it has there; what was made now is a draft still, so NotYet is raised where its day
    was closed meanwhile."""
    did = "adopt" if adopted else "create"
    run.effect(posting.step, did=did, document=posting.natural_key, id=remote.id, booked=remote.total)
    dated = {"date": remote.facts["date"]} if adopted and remote.facts.get("date") else {}
    (_move if adopted or final else _move_a_draft)(
        posting,
        run,
        remote_id=remote.id,
        remote_number=remote.number,
        booked=remote.total,
        url=remote.url,
        adopted=adopted,
        note=note,
        **({} if posting.worth else stands_for(posting.resource, posting.part, run)),
        record=posting.record or run.record,
        **dated,
        **(_finished() if final else {"state": State.CREATED}),
    )


def corrected(posting: Posting, run: Run, *, booked: Any, draft: bool = False, **more: Any) -> None:
    """What the books answer for it now. Of a draft, raises NotYet where its day was closed meanwhile."""
    (_move_a_draft if draft else _move)(posting, run, booked=booked, **more)


def done(posting: Posting, run: Run) -> None:
    _move(posting, run, **_finished())


def voided(posting: Posting, run: Run) -> None:
    _move(posting, run, state=State.VOIDED, completed_at=clock.now())
    run.effect(posting.step, did="void", document=posting.natural_key, id=posting.remote_id)


def _finished() -> dict[str, Any]:
    return {"state": State.DONE, "completed_at": clock.now(), "owner": "", "lease_until": None}


def forgotten(posting: Posting, run: Run, **more: Any) -> None:
    """It is gone from the books, or is not to be this document: whoever wants it next looks for it, and makes it anew."""
    fresh = {"state": State.INTENDED, "remote_id": "", "note": "", "adopted": False, "sent_at": None}
    _move(posting, run, **{**fresh, "completed_at": None, **more})


def stands_for(resource: str, part: str, run: Run) -> dict[str, Any]:
    """What the source says that the record is worth; with the order's first invoice line by line, so that an edit can
    be told from it, and with the rate of each, so that what belongs to it is converted alike."""
    first = run.wanted if (resource, part) == (run.flow.target_resource, "") else None
    basis = Stand.of(first.invoice).model_dump(mode="json", exclude_defaults=True) if first else {}
    return {"worth": worth(run), "basis": basis, "rate": _rate(resource, run)}


def _rate(resource: str, run: Run) -> dict[str, Any]:
    rate = run.wanted.invoice.rate if run.wanted and resource == run.flow.target_resource else None
    return rate.model_dump(mode="json") if rate else {}


def worth(run: Run) -> str:
    """The digest of what the source says this record is worth; an edit shows by it."""
    return money_digest(run.document) if isinstance(run.document, Order) else ""


def _move(posting: Posting, run: Run, **values: Any) -> None:
    """Fenced: whoever lost the posting meanwhile stops here, before the next call."""
    if not _moved(posting, run, values):
        raise LeaseLost(str(posting))


def _move_a_draft(posting: Posting, run: Run, **values: Any) -> None:
    """What came of it is written down in any case. It goes on only while its day is open, and the same statement tells."""
    date = values.get("date", posting.date)
    if not _moved(posting, run, values, lock_date.still_open(date, run)):
        _move(posting, run, **values)
        lock_date.require_open(date, str(posting), run)


def _moved(posting: Posting, run: Run, values: dict[str, Any], *where: Q) -> bool:
    come_from = {"state__in": origins(POSTING, values["state"])} if "state" in values else {}
    changed = {name: value for name, value in values.items() if getattr(posting, name) != value} or values
    mine = Posting.objects.filter(*where, pk=posting.pk, owner=run.claim.owner, **come_from)
    if not mine.update(**changed):
        return False
    for name, value in changed.items():
        setattr(posting, name, value)
    return True


def _take(posting: Posting, run: Run) -> None:
    now = clock.now()
    free = Q(owner="") | Q(lease_until__lt=now) | Q(owner=run.claim.owner)
    if not Posting.objects.filter(free, pk=posting.pk).update(owner=run.claim.owner, lease_until=now + lease()):
        raise NotYet("busy", f"Another worker is posting {posting} right now", after=_patience(posting, now))
    run.claim.holding.add(posting.pk)
    posting.refresh_from_db()


def _patience(posting: Posting, now: dt.datetime) -> float:
    """A live worker is done in a moment; one that has held it for long is probably dead, and its lease must end."""
    until = Posting.objects.values_list("lease_until", flat=True).get(pk=posting.pk)
    held_for = lease() - (until - now) if until else lease()
    return 0.5 if held_for < dt.timedelta(seconds=5) else 5.0
