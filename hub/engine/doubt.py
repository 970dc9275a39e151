"""Effects that may or may not have happened: look, adopt what is ours, hold what only looks like it, and only then
do it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings

from connectors.base import Remote, Resource
from connectors.documents import BooksPayment, Client, CreditNote, Document, Invoice, Item, marker_of
from connectors.errors import NotSearchable
from hub.accounting.proof import correctable, left_by_lines
from hub.engine import choices, clock, journal
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.outcomes import backoff
from hub.engine.still_there import told
from hub.errors import Held, NotYet
from hub.models import Posting

LOOKS = 2
"""A slow request may still arrive after the first look."""
State = Posting.State


def wait(posting: Posting) -> float:
    """Seconds until it makes sense to look (again)."""
    assert posting.sent_at
    since = max(posting.sent_at, posting.looked_at or posting.sent_at)
    return (since + dt.timedelta(seconds=settings.DOUBT_DELAY) - clock.now()).total_seconds()


def resolve_all(run: Run) -> None:
    """Before the source is read again: the record's own doubts, by what was written down when it was sent. Steps that
    may fail look after their own."""
    optional = {step.name for step in run.steps if step.on_failure == "continue"}
    for posting in [one for one in run.postings if one.state == State.SENT and one.step not in optional]:
        run.step = posting.step
        with journal.owned(posting, run):
            if posting.state == State.SENT:
                resolve(posting, run)


def resolve(posting: Posting, run: Run) -> None:
    """Ends as created (found and adopted) or intended (proven absent, twice, or left out). Raises NotYet until it may be
    known."""
    if wait(posting) > 0:
        raise NotYet("in_doubt", f"We do not know yet whether {posting} arrived; we look soon", after=wait(posting))
    if choices.chosen(run.record, choices.key(posting)) == choices.LEAVE_OUT:
        journal.unsent(posting, run)  # whoever decided that has looked
        return
    resource = run.target.resource(posting.resource)
    choices.follow(posting, resource, run)
    if posting.state == State.CREATED:
        return
    document = resource.document.model_validate(posting.document)
    deleted = not isinstance(document, Client | Item)
    ours = ours_among(candidates(posting, [document], resource, run, deleted=deleted), posting, document, run)
    if ours:
        _take(posting, document, ours, run)
        return
    journal.looked(posting, run)
    if posting.looks < LOOKS:
        raise NotYet("in_doubt", f"{posting} is not there; we look once more", after=wait(posting))
    journal.unsent(posting, run)
    if posting.sends > 1:
        raise NotYet(
            "unanswered", f"{posting} was sent {posting.sends} times without an answer", after=backoff(posting.sends)
        )


def candidates(
    posting: Posting, looked_for: Iterable[Document], resource: Resource[Any], run: Run, *, deleted: bool
) -> list[Remote]:
    """What could be it: all that is there like the first of these documents of which anything is. Raises Held where
    nobody but a person can look, until one has, and wants it made."""
    try:
        with calling(run.flow.target):
            return next(filter(None, (resource.find(one, deleted=deleted) for one in looked_for)), [])
    except NotSearchable as error:
        if _made_anyway(posting, run):
            return []
        raise Held(
            "cannot_look",
            f"We cannot tell whether {posting} is in the books: {error}",
            posting=choices.key(posting),
            ours=posting.document,
            remedy="Look in the books: link it if it is there, else post it anyway.",
        ) from error


def _made_anyway(posting: Posting, run: Run) -> bool:
    return choices.chosen(run.record, choices.key(posting)) == choices.CREATE


def adopt(posting: Posting, document: Document, matches: Sequence[Remote], run: Run) -> None:
    """Take what is ours. What only looks like ours needs a person, unless that person has decided; and so does what
    somebody deleted."""
    anyway = _made_anyway(posting, run)
    matches = [match for match in matches if match.id not in run.deleted]
    ours = ours_among(matches, posting, document, run)
    if anyway:
        ours = [match for match in ours if match.state != "deleted"]
    if ours:
        _take(posting, document, ours, run)
    elif not anyway:
        if isinstance(document, BooksPayment):
            _refuse_unmarked(posting, document, matches)
        elif matches and not isinstance(document, Client | Item):
            living = [match for match in matches if match.state != "deleted"]
            raise _stranger(posting, document, living[0], run) if living else _deleted(posting, matches[0], run)


def ours_among(matches: Sequence[Remote], posting: Posting, document: Document, run: Run) -> list[Remote]:
    """Those that are ours and that no other posting holds already."""
    found = [match for match in matches if is_ours(posting, document, match, run)]
    if isinstance(document, Client | Item) or not found:
        return found
    held = Posting.objects.filter(target=run.flow.target, remote_id__in=[match.id for match in found])
    others = set(held.filter(resource=_resource_of(document, run)).values_list("remote_id", flat=True))
    return [match for match in found if match.id not in others]


def _resource_of(document: Document, run: Run) -> str:
    return next(name for name, resource in run.target.resources.items() if resource.document is type(document))


def is_ours(posting: Posting, document: Document, remote: Remote, run: Run) -> bool:
    """Compared field by field. A draft's total may differ by what rounding explains; it is proven afterwards."""
    facts = remote.facts
    match document:
        case Client() | Item():
            return remote.state != "deleted"
        case BooksPayment():
            marker = marker_of(document.note)
            return remote.state != "deleted" and bool(marker) and marker == marker_of(str(facts.get("note", "")))
        case Invoice():
            alike = _same(facts, po_number=document.po_number, client_id=document.client_id)
            alike = alike and _dated(posting, document, facts)
            return alike and remote.currency == document.currency and _near(document, remote.total, run)
        case CreditNote():
            alike = _same(facts, client_id=document.client_id) and _dated(posting, document, facts)
            return alike and remote.currency == document.currency and _near(document, remote.total, run)
    return False


def _take(posting: Posting, document: Document, matches: list[Remote], run: Run) -> None:
    living = [match for match in matches if match.state == "active"] or matches
    if posting.resource == "client" and len(living) > 1 and living[0].state == "active":
        raise Held(
            "several_clients",
            f"{len(living)} active clients in the books have the e-mail {posting.natural_key}",
            field="email",
            value=posting.natural_key,
            posting=choices.key(posting),
            candidates=[told(match) for match in living],
            remedy="Merge them in the books, or link this customer to one of them; then retry.",
        )
    first = min(living, key=lambda match: int(match.id) if match.id.isdigit() else 0)
    if first.state == "deleted":
        raise _deleted(posting, first, run)
    if isinstance(document, BooksPayment) and first.total != document.amount:
        raise _other_amount(posting, document, first)
    journal.created(posting, first, run, adopted=True)


def _deleted(posting: Posting, remote: Remote, run: Run) -> Held:
    if posting.state == State.SENT:
        journal.unsent(posting, run)  # it arrived, and is gone
    return Held(
        "deleted_in_books",
        f"{posting} was there before, and somebody deleted it in the books",
        posting=choices.key(posting),
        theirs=told(remote),
        remedy=f"Restore it in the books and try again; or {choices.other_ways(posting, run)}.",
    )


def _other_amount(posting: Posting, payment: BooksPayment, remote: Remote) -> Held:
    return Held(
        "amount_differs",
        f"{posting} is over {remote.total} {remote.currency} in the books, and over {payment.amount} {payment.currency} here",
        posting=choices.key(posting),
        ours=payment.model_dump(mode="json"),
        theirs=told(remote),
        remedy="Correct its amount in the books and try again; or link it as it is; or leave it out with a reason.",
    )


def _refuse_unmarked(posting: Posting, payment: BooksPayment, matches: Sequence[Remote]) -> None:
    """Somebody may have typed this payment in by hand."""
    for match in matches:
        unmarked = not marker_of(str(match.facts.get("note", "")))
        if match.state == "active" and unmarked and match.total == payment.amount:
            raise Held(
                "maybe_recorded",
                f"The invoice has an unmarked payment of {payment.amount} {payment.currency} already",
                posting=choices.key(posting),
                ours=payment.model_dump(mode="json"),
                theirs=told(match),
                remedy="If it is the same money, link it; else post it anyway; or leave this one out.",
            )


def _stranger(posting: Posting, document: Document, remote: Remote, run: Run) -> Held:
    return Held(
        "number_taken",
        f"{posting.resource} {posting.natural_key} is in the books already, and differs from ours",
        field="number",
        value=posting.natural_key,
        posting=choices.key(posting),
        ours=document.model_dump(mode="json"),
        theirs={"state": remote.state, "total": str(remote.total), **told(remote)},
        remedy=f"Link it, if it is the same after all; or {choices.other_ways(posting, run)}.",
    )


def as_it_may_be_dated(posting: Posting, document: Document) -> Iterator[Document]:
    """To look for: some books find a document by its day alone, and a late arrival may have had another."""
    yield document
    if isinstance(document, Invoice | CreditNote):
        for date in sorted(_dates(posting, document) - {document.date}):
            yield document.model_copy(update={"date": date})


def _dates(posting: Posting, document: Invoice | CreditNote) -> set[dt.date]:
    """The one that it is to have, the source's own, and the one that it was sent with."""
    return {date for date in (document.date, posting.business_date, posting.date) if date}


def _dated(posting: Posting, document: Invoice | CreditNote, facts: Any) -> bool:
    """A late arrival may have been dated on any day from its own to the one that is the first open one now."""
    if "date" not in facts:
        return True
    known = _dates(posting, document)
    return facts["date"] is not None and min(known) <= facts["date"] <= max(known)


def _near(document: Invoice | CreditNote, total: Decimal | None, run: Run) -> bool:
    if total is None:
        return True
    tolerance, capabilities = run.policy.rounding_tolerance, run.target.capabilities()
    gap = document.total - total
    return any(correctable(one, document, tolerance, capabilities) for one in (gap, gap - left_by_lines(document)))


def _same(facts: Any, **ours: object) -> bool:
    return all(str(facts[name] or "") == str(value or "") for name, value in ours.items() if name in facts)
