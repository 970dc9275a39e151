"""From created to done: what the books answer is compared to the cent, corrected where that is rounding, and only
then made final."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.base import Remote, Resource
from connectors.documents import CreditNote, Invoice
from connectors.errors import Rejected
from hub.accounting.proof import correctable, corrected, difference, tax_differs
from hub.engine import journal
from hub.engine.context import Run, calling
from hub.engine.doubt import LINKED
from hub.errors import NotYet
from hub.models import Posting

TRIES = 3
"""A rounding folded into a taxed line changes its tax, so that one correction may need another."""


def finish(posting: Posting, run: Run) -> None:
    """Raises Unproven if the books' amount differs by more than rounding; the draft then stays a draft."""
    resource = run.target.resource(posting.resource)
    document = resource.document.model_validate(posting.document)
    if isinstance(document, Invoice | CreditNote):
        _prove(posting, document, resource, run)
        if run.policy.invoice_status == "sent" and posting.note != LINKED and resource.offers("finish"):
            run.claim.renew()
            with calling(run.flow.target):
                resource.finish(posting.remote_id)
            run.effect(posting.step, did="finish", document=posting.natural_key)
    journal.done(posting)


def _prove(posting: Posting, document: Invoice | CreditNote, resource: Resource[Any], run: Run) -> None:
    booked = posting.booked if posting.pk in run.fresh else None
    if booked is None:
        booked = _read_again(posting, resource, run)
    for _ in range(TRIES):
        gap = difference(document, booked)
        if not gap:
            return
        if posting.note == LINKED or not correctable(gap, document, run.policy.rounding_tolerance):
            raise tax_differs(document, booked)
        document = corrected(document, gap, run.target.capabilities())
        booked = _update(posting, document, resource, run)
        journal.save(posting, booked=booked, note=f"rounding line of {gap} {document.currency}")
    if difference(document, booked):
        raise tax_differs(document, booked)


def _read_again(posting: Posting, resource: Resource[Any], run: Run) -> Decimal:
    """Somebody died here before: a correction may have arrived without our knowing."""
    with calling(run.flow.target):
        booked: Decimal = resource.read(posting.remote_id).total
    journal.save(posting, booked=booked)
    return booked


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
