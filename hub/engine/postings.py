"""The journal at work: intend, look where that is needed, send, complete, finish. One document, one posting, once.

A kill at any point leaves a row that says how far it went; the next worker goes on from there.
"""

from __future__ import annotations

from typing import Any

from connectors.base import Resource
from connectors.documents import BooksPayment, Client, CreditNote, Invoice, Item
from connectors.errors import ConnectorError, OutcomeUnknown, Rejected
from hub.engine import doubt, journal
from hub.engine.build import Built
from hub.engine.context import Run, calling
from hub.engine.finish import finish
from hub.engine.links import link, linked
from hub.errors import Held, NotYet
from hub.models import Posting

SHARED = ("client", "item")
"""Resources that many records have in common: whoever comes first makes them."""
State = Posting.State


def ensure(built: Built, run: Run) -> Posting:
    """The posting of this document, done. Raises NotYet while it is somebody else's turn or in doubt, Held where a
    person must decide."""
    known = linked(built, run)
    if known:
        return known
    posting = _intended(built, run)
    if posting.state != State.DONE:
        with journal.owned(posting, run):
            _bring_to_done(posting, built, run)
    link(built, posting, run)
    return posting


def _bring_to_done(posting: Posting, built: Built, run: Run) -> None:
    if posting.state == State.SENT:
        doubt.resolve(posting, run)
    if posting.state == State.INTENDED:
        _create(posting, built, run)
    if posting.state == State.CREATED:
        finish(posting, run)


def _intended(built: Built, run: Run) -> Posting:
    posting, _ = Posting.objects.get_or_create(
        target=run.flow.target,
        resource=built.step.resource,
        natural_key=built.natural_key,
        defaults={"record": run.record, "step": built.step.name, **journal.content(built.document)},
    )
    if posting.record_id != run.record.pk and posting.resource not in SHARED:
        raise Held(
            "number_taken",
            f"{posting.resource} {posting.natural_key} belongs to {posting.record or 'another record'} already",
            field="number",
            value=posting.natural_key,
            remedy="Use another number, link this order to the existing document, or skip it with a reason.",
        )
    return posting


def _create(posting: Posting, built: Built, run: Run) -> None:
    """Look where the rules say so, write down what will be sent, send it, write down what came of it."""
    resource = run.target.resource(posting.resource)
    _look(posting, built, resource, run)
    if posting.state == State.CREATED:
        return
    journal.sent(posting, built.document, run)
    try:
        with calling(run.flow.target):
            remote = resource.create(built.document)
    except OutcomeUnknown as error:
        run.effect(posting.step, did="create", document=posting.natural_key, answer=str(error))
        raise NotYet("in_doubt", f"{error}. We look before doing it again.", after=doubt.wait(posting)) from error
    except ConnectorError as error:
        journal.unsent(posting)
        run.effect(posting.step, did="create", document=posting.natural_key, answer=str(error))
        raise _understood(error, posting, built, resource, run) from error
    journal.created(posting, remote, run)
    run.fresh.add(posting.pk)


def _look(posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    """Before a create that might meet something: clients and items that people keep, payments on an invoice that
    others may have touched, and everything in look-first mode."""
    document = built.document
    if isinstance(document, BooksPayment):
        _look_at_payments(posting, document, resource, run)
    elif isinstance(document, Client | Item) or run.flow.look_first:
        with calling(run.flow.target):
            matches = resource.find(document, deleted=not isinstance(document, Client | Item))
        doubt.adopt(posting, document, matches, run)


def _look_at_payments(posting: Posting, payment: BooksPayment, resource: Resource[Any], run: Run) -> None:
    invoice = run.invoice()
    if invoice is None or (invoice.pk in run.fresh and not run.flow.look_first):
        return
    with calling(run.flow.target):
        matches = resource.find(payment, deleted=False)
        outstanding = run.target.resource(invoice.resource).read(invoice.remote_id).outstanding
    doubt.adopt(posting, payment, matches, run)
    if posting.state == State.INTENDED and outstanding is not None and outstanding < payment.amount:
        raise Held(
            "overpays",
            f"Invoice {invoice.natural_key} has {outstanding} outstanding, and {payment.amount} was paid in the store",
            outstanding=str(outstanding),
            amount=str(payment.amount),
            remedy="See in the books who recorded a payment, and remove it there or skip this one here.",
        )


def _understood(error: ConnectorError, posting: Posting, built: Built, resource: Resource[Any], run: Run) -> Exception:
    """What a refusal teaches: a capability that these books lack, or a number that somebody else holds."""
    if not isinstance(error, Rejected):
        return error
    if error.teaches and run.flow.target.learned.get(error.teaches) is not False:
        run.flow.target.learn(error.teaches)
        return NotYet("learned", f"{error}. The document is built without it.", after=0)
    if error.code == "number_taken" and isinstance(built.document, Invoice | CreditNote):
        with calling(run.flow.target):
            matches = resource.find(built.document)
        if matches:
            doubt.adopt(posting, built.document, matches, run)
            return NotYet("adopted", f"{posting} was in the books already and is ours", after=0)
        return Held("number_taken", str(error), field="number", value=posting.natural_key)
    return error
