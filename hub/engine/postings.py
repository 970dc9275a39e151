"""The journal at work: intend, look where that is needed, send, complete, finish. One document, one posting, once.

A kill at any point leaves a row that says how far it went; the next worker goes on from there.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from connectors.base import Resource
from connectors.documents import BooksPayment, Client, CreditNote, Invoice, Item
from connectors.errors import NUMBER_TAKEN, REFERENCE_GONE, ConnectorError, OutcomeUnknown, Rejected
from hub.engine import choices, doubt, journal
from hub.engine.build import Built
from hub.engine.context import Run, calling
from hub.engine.finish import finish
from hub.engine.links import forget_client, link, linked
from hub.engine.upsert import bring_up_to_date
from hub.errors import Held, NotYet
from hub.models import Posting
from hub.models.postings import SHARED

State = Posting.State


def ensure(built: Built, run: Run) -> Posting:
    """The posting of this document, done. Raises NotYet while it is somebody else's turn or in doubt, Held where a
    person must decide."""
    known = linked(built, run)
    posting = known or _intended(built, run)
    if posting.state != State.DONE:
        with journal.owned(posting, run):
            _bring_to_done(posting, built, run)
        link(built, posting, run)
    elif built.step.do != "ensure":
        bring_up_to_date(posting, built, run)
    return posting


def _bring_to_done(posting: Posting, built: Built, run: Run) -> None:
    if posting.state == State.SENT:
        doubt.resolve(posting, run)
    if posting.state == State.INTENDED:
        _create(posting, built, run)
    if posting.state == State.CREATED:
        finish(posting, built.document, run)


def _intended(built: Built, run: Run) -> Posting:
    """The row of this part of the record, whatever it was called when it was posted; else a new one."""
    shared = built.step.resource in SHARED
    posting = None if shared else run.posting_of(built.step.resource, built.part)
    if posting:
        run.looked_over.add(posting.pk)
        if posting.state == State.INTENDED and posting.natural_key != built.natural_key:
            _rename(posting, built)
        return posting
    posting, new = journal.intended(built, run)
    if not new and not shared:
        raise _taken(built, str(posting.record or "another record"))
    if not shared:
        run.postings.append(posting)
    return posting


def _rename(posting: Posting, built: Built) -> None:
    try:
        with transaction.atomic():
            Posting.objects.filter(pk=posting.pk).update(natural_key=built.natural_key)
    except IntegrityError:
        raise _taken(built, "another record") from None
    posting.natural_key = built.natural_key


def _taken(built: Built, whose: str) -> Held:
    return Held(
        "number_taken",
        f"{built.step.resource} {built.natural_key} belongs to {whose} already",
        field="number",
        value=built.natural_key,
        remedy="Use another number, or skip this order with a reason.",
    )


def _create(posting: Posting, built: Built, run: Run) -> None:
    """Look where the rules say so, write down what will be sent, send it, write down what came of it."""
    resource = run.target.resource(posting.resource)
    try:
        choices.follow(posting, resource, run)
        if posting.state == State.INTENDED:
            _look(posting, built, resource, run)
        if posting.state == State.INTENDED:
            _send(posting, built, resource, run)
    except Rejected as error:
        raise _understood(error, posting, built, resource, run) from error


def _send(posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    journal.sent(posting, built.document, run)
    try:
        with calling(run.flow.target):
            remote = resource.create(built.document)
    except OutcomeUnknown as error:
        run.effect(posting.step, did="create", document=posting.natural_key, answer=str(error))
        raise NotYet("in_doubt", f"{error}. We look before doing it again.", after=doubt.wait(posting)) from error
    except ConnectorError as error:
        journal.unsent(posting, run)
        run.effect(posting.step, did="create", document=posting.natural_key, answer=str(error))
        raise
    journal.created(posting, remote, run)
    run.fresh.add(posting.pk)


def _look(posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    """Before a create that might meet something: clients and items that people keep, payments on an invoice that
    others may have touched, whatever an earlier attempt left behind, and everything in look-first mode."""
    document = built.document
    if isinstance(document, BooksPayment):
        _look_at_payments(posting, document, resource, run)
    elif isinstance(document, Client | Item) or run.flow.look_first or posting.pk in run.looked_over:
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
            posting=choices.key(posting),
            outstanding=str(outstanding),
            amount=str(payment.amount),
            remedy="See in the books who recorded a payment: remove it there and retry, or leave this one out.",
        )


def _understood(error: Rejected, posting: Posting, built: Built, resource: Resource[Any], run: Run) -> Exception:
    """What a refusal teaches: a capability that these books lack, a client that is gone, a number somebody holds."""
    if error.teaches and run.flow.target.learned.get(error.teaches) is not False:
        run.flow.target.learn(error.teaches)
        return NotYet("learned", f"{error}. The document is built without it.", after=0)
    if error.code == REFERENCE_GONE and isinstance(built.document, Invoice | CreditNote) and forget_client(run):
        return NotYet("client_gone", f"{error}. The client is looked for again.", after=0)
    if error.code == NUMBER_TAKEN and isinstance(built.document, Invoice | CreditNote):
        with calling(run.flow.target):
            matches = resource.find(built.document)
        doubt.adopt(posting, built.document, matches, run)
        if posting.state == State.CREATED:
            return NotYet("adopted", f"{posting} was in the books already and is ours", after=0)
        return _taken(built, "somebody else")
    return error
