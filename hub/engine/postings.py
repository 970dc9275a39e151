"""The journal at work: intend, look where that is needed, send, complete, finish. One document, one posting, once.

A kill at any point leaves a row that says how far it went; the next worker goes on from there.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from connectors.base import Resource
from connectors.documents import BooksPayment, Client, CreditNote, Invoice, Item
from connectors.errors import NUMBER_TAKEN, REFERENCE_GONE, ConnectorError, OutcomeUnknown, Rejected
from hub.engine import choices, doubt, footing, journal, lock_date
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.counterparts.fields import keeps
from hub.engine.counterparts.likeness import alike
from hub.engine.filling import fill
from hub.engine.finish import finish, follow_edit
from hub.engine.links import forget_client, link, linked
from hub.engine.looking import let_others_finish, must_look
from hub.errors import Held, NotYet
from hub.models import Posting
from hub.models.postings import SHARED

State = Posting.State


def ensure(built: Built, run: Run) -> Posting:
    """The posting of this document, done. Raises NotYet while it is somebody else's turn or in doubt, Held where a
    person must decide."""
    posting = linked(built, run) or _known(built, run) or _intended(built, run)
    if posting.state != State.DONE:
        with journal.owned(posting, run):
            journal.follow_source(posting, built, run)
            _bring_to_done(posting, built, run)
        link(built, posting, run)
    elif posting.pk in run.drafts:
        with journal.owned(posting, run):
            journal.follow_source(posting, built, run)
            follow_edit(posting, built.document, run)
    return posting


def _bring_to_done(posting: Posting, built: Built, run: Run) -> None:
    if posting.state == State.SENT and posting.pk not in run.going_out:
        doubt.resolve(posting, run)
    if choices.links_another(posting, run):
        journal.forgotten(posting, run)
    if posting.state == State.INTENDED or posting.pk in run.going_out:
        _create(posting, built, run)
    if posting.state == State.CREATED:
        fill(posting, built, run.target.resource(posting.resource), run)
        finish(posting, built.document, run)


def _known(built: Built, run: Run) -> Posting | None:
    """What is in the books already and only has to be there."""
    return run.known.get((built.step.resource, built.natural_key)) if built.step.do == "ensure" else None


def _intended(built: Built, run: Run) -> Posting:
    """The row of this part of the record, whatever it was called when it was posted; else a new one."""
    shared = built.step.resource in SHARED
    posting = None if shared else run.posting_of(built.step.resource, built.part)
    if posting:
        run.looked_over.add(posting.pk)
        if posting.state == State.INTENDED and posting.natural_key != built.natural_key:
            _rename(posting, built)
        return posting
    posting, new = journal.intended(built, run, at_once=not shared and _nothing_to_look_for(built, run))
    if shared:
        return posting
    if not new:
        _require_ours(posting, built, run)
        run.looked_over.add(posting.pk)
    run.postings.append(posting)
    return posting


def _require_ours(posting: Posting, built: Built, run: Run) -> None:
    """A worker that was slow wrote it down after we took the record over from it; anybody else holds our number."""
    if (posting.record_id, posting.part) != (run.record.pk, built.part):
        raise _ours_already(built, str(posting.record or "another record"))


def _nothing_to_look_for(built: Built, run: Run) -> bool:
    planned = Posting(resource=built.step.resource, part=built.part)
    return not choices.chosen(run.record, choices.key(planned)) and not must_look(planned, built.document, run)


def _rename(posting: Posting, built: Built) -> None:
    try:
        with transaction.atomic():
            Posting.objects.filter(pk=posting.pk).update(natural_key=built.natural_key)
    except IntegrityError:
        raise _ours_already(built, "another record") from None
    posting.natural_key = built.natural_key


def _ours_already(built: Built, whose: str) -> Held:
    """Of this hub: so there is nothing to link."""
    return Held(
        "number_used",
        f"{built.step.resource} {built.natural_key} belongs to {whose} already",
        field="number",
        value=built.natural_key,
        posting=choices.key_of(built.step.resource, built.part),
        remedy=f"{'Leave it out' if built.part else 'Use another number, or skip the order'} with a reason.",
    )


def _taken(posting: Posting, run: Run) -> Held:
    return Held(
        "number_taken",
        f"{posting} is refused by the books: the number is in use there",
        field="number",
        value=posting.natural_key,
        posting=choices.key(posting),
        remedy=f"Link what has it there, if that is the same; or {choices.other_ways(posting, run)}.",
    )


def _create(posting: Posting, built: Built, run: Run) -> None:
    """Look where the rules say so, write down what will be sent, send it, write down what came of it."""
    resource = run.target.resource(posting.resource)
    try:
        if posting.state == State.INTENDED:
            choices.follow(posting, resource, run)
        if posting.state == State.INTENDED and must_look(posting, built.document, run):
            _look(posting, built, resource, run)
        if posting.state == State.INTENDED:
            journal.sent(posting, built, run)
        if posting.state == State.SENT:
            _send(posting, built, resource, run)
    except Rejected as error:
        _make_sense_of(error, posting, built, resource, run)


def _send(posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    run.going_out.remove(posting.pk)
    run.claim.require_time()
    try:
        with calling(run.flow.target), lock_date.watched(posting.date, str(posting), run):
            remote = resource.create(built.document)
    except OutcomeUnknown as error:
        run.effect(posting.step, did="create", document=posting.natural_key, answer=str(error))
        raise NotYet("in_doubt", f"{error}. We look before doing it again.", after=doubt.wait(posting)) from error
    except ConnectorError as error:
        journal.unsent(posting, run)
        run.effect(posting.step, did="create", document=posting.natural_key, answer=str(error))
        raise
    journal.created(posting, remote, run, final=not isinstance(built.document, Invoice | CreditNote))
    run.fresh.add(posting.pk)


def _look(posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    """Take what is there already; else let others finish what they may have begun."""
    document = built.document
    if isinstance(document, BooksPayment):
        _look_at_payments(posting, document, resource, run)
    else:
        _find(posting, built, resource, run, deleted=not isinstance(document, Client | Item))
    if posting.state == State.INTENDED and keeps(built.step):
        _require_unlike(posting, built, resource, run)
    if posting.state == State.INTENDED and isinstance(document, CreditNote):
        footing.require_invoice(posting, getattr(built.wanted, "of", ""), run)
    if posting.state == State.INTENDED:
        let_others_finish(posting, run)


def _find(posting: Posting, built: Built, resource: Resource[Any], run: Run, *, deleted: bool = True) -> None:
    looked_for = doubt.as_it_may_be_dated(posting, built.document)
    matches = doubt.candidates(posting, looked_for, resource, run, deleted=deleted)
    doubt.adopt(posting, built.document, matches, run)
    if posting.state == State.CREATED:
        run.found.add(posting.pk)


def _require_unlike(posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    """Raises Held where somebody without the same key looks as if they were the same, unless a person has decided."""
    if choices.chosen(run.record, choices.key(posting)) == choices.CREATE or not resource.offers("similar"):
        return
    with calling(run.flow.target):
        found = alike(built.document, resource.similar(built.document))
    if found:
        raise Held(
            "maybe_known",
            f"The books have no {posting.resource} {posting.natural_key}, but {found[0].points} % speak for one that is "
            f"there: {', '.join(found[0].reasons)}",
            posting=choices.key(posting),
            candidates=[one.told for one in found],
            remedy="If it is the same, link it; else have a new one made.",
        )


def _look_at_payments(posting: Posting, payment: BooksPayment, resource: Resource[Any], run: Run) -> None:
    invoice = run.invoice_of(payment)
    if invoice is None:
        return
    doubt.adopt(posting, payment, doubt.candidates(posting, [payment], resource, run, deleted=False), run)
    if posting.state == State.INTENDED:
        footing.require_room(posting, payment, invoice, run)


def _make_sense_of(error: Rejected, posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    """What a refusal teaches: a capability that these books lack, a client that is gone, a number somebody holds. Raises
    what comes of it, unless the number is held by the very document that we want."""
    if error.teaches and run.flow.target.learned.get(error.teaches) is not False:
        run.flow.target.learn(error.teaches)
        raise NotYet("learned", f"{error}. The document is built without it.", after=0) from error
    if not isinstance(built.document, Invoice | CreditNote):
        raise error
    if error.code == REFERENCE_GONE and forget_client(run):
        raise NotYet("client_gone", f"{error}. The client is looked for again.", after=0) from error
    if error.code != NUMBER_TAKEN:
        raise error
    _find(posting, built, resource, run)
    if posting.state != State.CREATED:
        raise _taken(posting, run) from error
