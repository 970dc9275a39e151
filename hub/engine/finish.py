"""From created to done: what the books answer is compared to the cent, corrected where that is rounding, and only
then made final."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from connectors.base import Remote, Resource
from connectors.documents import CreditNote, Document, Invoice
from connectors.errors import Rejected
from hub.accounting.proof import difference, tax_differs
from hub.accounting.settling import LINE_BY_LINE, Settling
from hub.engine import choices, edits, journal, lock_date
from hub.engine.calling import calling
from hub.engine.choices import LINKED
from hub.engine.context import Run
from hub.engine.keys import digest
from hub.engine.still_there import still_there
from hub.errors import HubError, NotYet, Unproven
from hub.models import Posting

TRIES = 4
"""Percents may have to be chosen line by line; and a rounding folded into a taxed line changes its tax, so that one
correction may need another."""


def finish(posting: Posting, document: Document, run: Run) -> None:
    """Raises Unproven if the books' amount differs by more than rounding; the draft then stays a draft."""
    resource = run.target.resource(posting.resource)
    if isinstance(document, Invoice | CreditNote):
        if posting.note == LINKED:
            _require_same(posting, document, run)
        else:
            draft = _prove(posting, document, resource, run)
            if draft:
                _make_final(posting, resource, run)
    journal.done(posting, run)


def follow_edit(posting: Posting, document: Document, run: Run) -> None:
    """A finished draft becomes what its order is now. Killed in the middle, it is done again: it ends as the same."""
    if isinstance(document, Invoice):
        _prove(posting, document, run.target.resource(posting.resource), run)


def _require_same(posting: Posting, document: Invoice | CreditNote, run: Run) -> None:
    """What a person linked is never changed by us; if it is worth something else, a person must say so."""
    if posting.booked == document.total or edits.accepted(run):
        return
    stands = _read_again(posting, run).total
    if stands != document.total:
        raise Unproven(
            "linked_differs",
            f"The linked {posting.resource} is over {stands}, the order over {document.total} {document.currency}",
            posting=choices.key(posting),
            digest=journal.worth(run),
            remedy="Link another document, or correct this one in the books and try again, or accept the difference with "
            "a reason.",
        )


def _prove(posting: Posting, document: Invoice | CreditNote, resource: Resource[Any], run: Run) -> bool:
    """Returns whether it is still a draft: an earlier life of this hub, or a person, may have made it final."""
    booked, draft = posting.booked, True
    if posting.pk not in run.fresh or booked is None:
        booked, draft = _taken_up_again(posting, document, resource, run)
    if not draft:
        document = _as_dated(document, posting)
    settling = Settling(document, run.policy.rounding_tolerance, run.target.capabilities(), draft=draft)
    for _ in range(TRIES):
        gap = difference(document, booked)
        if not gap:
            return draft
        note = settling.step(gap)
        if not draft:
            lock_date.require_open(document.date, str(posting), run)
        booked = _update(posting, settling.document, resource, run)
        journal.corrected(posting, run, booked=booked, note=note, draft=draft, **_repriced(settling, note))
    if difference(document, booked):
        raise tax_differs(settling.document, booked)
    return draft


def _repriced(settling: Settling, note: str) -> dict[str, Any]:
    """Other percents are kept as they were posted, for the reports. The digest stays that of what is wanted."""
    return {"document": settling.document.model_dump(mode="json")} if note == LINE_BY_LINE else {}


def _taken_up_again(
    posting: Posting, document: Invoice | CreditNote, resource: Resource[Any], run: Run
) -> tuple[Decimal, bool]:
    """Somebody died here before, or a person changed the rules: the draft becomes what is wanted now, and leaves a day
    that was closed meanwhile. What is final stays where it is."""
    remote = _read_again(posting, run)
    booked: Decimal = remote.total
    if remote.status != "draft":
        if not _differs_in_date_alone(document, posting):
            raise _gone_out(posting, type(document).model_validate(posting.document), booked, run)
        return booked, False
    _require_open(posting, document, run)
    if (posting.digest, posting.date) != (digest(document), document.date):
        booked = _update(posting, document, resource, run)
        stood = journal.stands_for(posting.resource, posting.part, run)
        journal.corrected(posting, run, booked=booked, draft=True, **stood, **journal.content(document))
    return booked, True


def _read_again(posting: Posting, run: Run) -> Remote:
    """As it stands in the books now. Raises NotYet where somebody deleted it: what is not done is then wanted again, and
    looked for before it is made; what is done is found to be edited."""
    remote = still_there(posting, run)
    if remote is None:
        if posting.state == Posting.State.CREATED:
            journal.forgotten(posting, run)
        raise NotYet("deleted_in_books", f"Somebody deleted {posting} in the books; we look for it again", after=0)
    if posting.booked != remote.total:
        journal.corrected(posting, run, booked=remote.total)
    return remote


def _gone_out(posting: Posting, posted: Invoice | CreditNote, booked: Decimal, run: Run) -> HubError:
    """It is final, and not what is wanted now. If it is what was wanted then, or a person says that it is right, it is
    done, and what changed since is an edit like any other."""
    if posting.state == Posting.State.CREATED:
        if difference(posted, booked) and not edits.accepted(run):
            unedited = posting.worth == journal.worth(run)
            return tax_differs(posted, booked) if unedited else edits.edited(run, posting)
        journal.done(posting, run)
    return NotYet("edited", f"{posting} went out before its order was edited; that edit is next", after=0)


def _require_open(posting: Posting, document: Invoice | CreditNote, run: Run) -> None:
    """The day that it gets; and, where it was finished as a draft, the day that it has."""
    stays = [posting.date] if posting.state == Posting.State.DONE and posting.date else []
    lock_date.require_open(min([document.date, *stays]), str(posting), run)


def _differs_in_date_alone(document: Invoice | CreditNote, posting: Posting) -> bool:
    """If at all: its day may have been closed since it was made, and then its note says so."""
    made = {"date": dt.date.fromisoformat(posting.document["date"]), "notes": posting.document.get("notes", "")}
    return digest(document.model_copy(update=made)) == posting.digest


def _as_dated(document: Invoice | CreditNote, posting: Posting) -> Invoice | CreditNote:
    """With the date that it has in the books."""
    return document.model_copy(update={"date": posting.date or document.date})


def _make_final(posting: Posting, resource: Resource[Any], run: Run) -> None:
    if run.policy.invoice_status == "sent" and resource.offers("finish"):
        run.claim.renew()
        with calling(run.flow.target), lock_date.watched(posting.date, str(posting), run):
            resource.finish(posting.remote_id)
        run.effect(posting.step, did="finish", document=posting.natural_key)


def _update(posting: Posting, document: Invoice | CreditNote, resource: Resource[Any], run: Run) -> Decimal:
    run.claim.renew()
    try:
        with calling(run.flow.target), lock_date.watched(document.date, str(posting), run):
            remote: Remote = resource.update(posting.remote_id, document)
    except Rejected as error:
        if not error.teaches or run.flow.target.learned.get(error.teaches) is False:
            raise
        run.flow.target.learn(error.teaches)
        raise NotYet("learned", f"{error}. The document is corrected without it.", after=0) from error
    run.effect(posting.step, did="correct", document=posting.natural_key, booked=remote.total)
    booked: Decimal = remote.total
    return booked
