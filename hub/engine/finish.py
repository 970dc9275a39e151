"""From created to done: what the books answer is compared to the cent, corrected where that is rounding, and only
then made final."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.base import Remote, Resource
from connectors.documents import CreditNote, Document, Invoice
from connectors.errors import Rejected
from hub.accounting.proof import correctable, corrected, difference, tax_differs
from hub.engine import choices, edits, journal
from hub.engine.calling import calling
from hub.engine.choices import LINKED
from hub.engine.context import Run
from hub.engine.keys import digest
from hub.errors import NotYet, Unproven
from hub.models import Posting

TRIES = 3
"""A rounding folded into a taxed line changes its tax, so that one correction may need another."""


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
    raise Unproven(
        "linked_differs",
        f"The linked {posting.resource} is over {posting.booked}, the order over {document.total} {document.currency}",
        posting=choices.key(posting),
        digest=journal.worth(run),
        remedy="Link another document, or accept the difference with a reason.",
    )


def _prove(posting: Posting, document: Invoice | CreditNote, resource: Resource[Any], run: Run) -> bool:
    """Returns whether it is still a draft: an earlier life of this hub, or a person, may have made it final."""
    booked, draft = posting.booked, True
    if posting.pk not in run.fresh or booked is None:
        booked, draft = _taken_up_again(posting, document, resource, run)
    for _ in range(TRIES):
        gap = difference(document, booked)
        if not gap:
            return draft
        if not correctable(gap, document, run.policy.rounding_tolerance):
            raise tax_differs(document, booked)
        document = corrected(document, gap, run.target.capabilities())
        booked = _update(posting, document, resource, run)
        journal.corrected(posting, run, booked=booked, note=f"rounding line of {gap} {document.currency}")
    if difference(document, booked):
        raise tax_differs(document, booked)
    return draft


def _taken_up_again(
    posting: Posting, document: Invoice | CreditNote, resource: Resource[Any], run: Run
) -> tuple[Decimal, bool]:
    """Somebody died here before, or a person changed the rules: the draft becomes what is wanted now."""
    with calling(run.flow.target):
        remote: Remote = resource.read(posting.remote_id)
    booked: Decimal = remote.total
    draft = remote.status == "draft"
    if posting.digest != digest(document):
        if not draft:
            raise edits.edited(run, posting)
        booked = _update(posting, document, resource, run)
        stood = journal.stands_for(posting.resource, posting.part, run)
        journal.corrected(posting, run, booked=booked, **stood, **journal.content(document))
    elif posting.booked != booked:
        journal.corrected(posting, run, booked=booked)
    return booked, draft


def _make_final(posting: Posting, resource: Resource[Any], run: Run) -> None:
    if run.policy.invoice_status == "sent" and resource.offers("finish"):
        run.claim.renew()
        with calling(run.flow.target):
            resource.finish(posting.remote_id)
        run.effect(posting.step, did="finish", document=posting.natural_key)


def _update(posting: Posting, document: Invoice | CreditNote, resource: Resource[Any], run: Run) -> Decimal:
    run.claim.renew()
    try:
        with calling(run.flow.target):
            remote: Remote = resource.update(posting.remote_id, document)
    except Rejected as error:
        if not error.teaches or run.flow.target.learned.get(error.teaches) is False:
            raise
        run.flow.target.learn(error.teaches)
        raise NotYet("learned", f"{error}. The document is corrected without it.", after=0) from error
    run.effect(posting.step, did="correct", document=posting.natural_key, booked=remote.total)
    booked: Decimal = remote.total
    return booked
