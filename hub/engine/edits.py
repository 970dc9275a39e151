"""An order that changed in its store after it was invoiced: a draft follows it, anything else is shown to a person, and
what that person decided becomes documents of the record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.base import Remote
from connectors.documents import ZERO, Order
from hub.accounting.amounts import BOOKS_UNIT, minor_unit
from hub.accounting.dates import Calendar
from hub.accounting.deltas import Stand, listed
from hub.accounting.edits import Edit, Standing, followed
from hub.engine import cancellations
from hub.engine.calling import calling
from hub.engine.cancellations import changed_on
from hub.engine.choices import LINKED
from hub.engine.context import Run
from hub.engine.journal import worth
from hub.errors import Held
from hub.models import Posting

BY_HAND = "Book the difference by hand in the books, then accept the edit here with a reason."
BUTTONS = (
    "Adjust: what was added is invoiced, what was taken away is credited. Credit and re-invoice: the invoice is "
    "credited whole, and a new one is made. Ignore: you book the difference by hand, and say why."
)


def follow(run: Run) -> None:
    """What the order wants now includes the documents of its edits. Raises Held if what a posted order is worth differs
    from what was posted, unless a person decided about just that."""
    run.step = "invoice"
    invoice, order = run.invoice(), run.document
    if invoice is None or invoice.state == Posting.State.SENT or not isinstance(order, Order):
        return
    edits = cancellations.follow(run, order, in_effect(run))
    if (invoice.state == Posting.State.CREATED and not edits) or _stand(edits, invoice, run):
        return
    draft = None if edits else _open_draft(run, invoice)
    if draft and not _is_changed(draft, invoice, run):
        run.drafts.add(invoice.pk)
        return
    theirs = {"draft": f"{draft.total} {draft.currency}"} if draft else {}
    raise _edited_again(run, order, invoice, edits, **theirs)


def stands(run: Run) -> bool:
    """Whether the books were made for the order as it is now. The documents of its edits then belong to what it wants.
    Makes no call."""
    invoice, settled = run.invoice(), (Posting.State.DONE, Posting.State.VOIDED)
    if invoice is None or invoice.state not in settled or not isinstance(run.document, Order):
        return True
    return _stand(in_effect(run), invoice, run)


def _stand(edits: list[Edit], invoice: Posting, run: Run) -> bool:
    booked_for = edits[-1].digest if edits else invoice.worth
    if worth(run) not in (booked_for, run.record.decision.get("accepted_edit")):
        return False
    if edits and run.wanted:
        run.wanted = followed(run.wanted, edits, _standing(run, invoice))
    return True


def in_effect(run: Run) -> list[Edit]:
    """A decision counts while the order is as the person saw it, and for good as soon as anything came of it. To ignore
    an edit means that it is booked by hand: so something has."""
    edits = [Edit.model_validate(one) for one in run.record.decision.get("edits", ())]
    if edits and edits[-1].digest != worth(run) and edits[-1].how not in ("ignore", "void"):
        begun = any(posting.edit == len(edits) for posting in run.postings)
        return edits if begun else edits[:-1]
    return edits


def edited(run: Run, invoice: Posting, **theirs: str) -> Held:
    return _held(run, f"{invoice.total} {invoice.currency}", remedy=BY_HAND, **theirs)


def accepted(run: Run) -> bool:
    """Whether a person said that what stands in the books is right for the order as it is now."""
    return bool(run.document) and run.record.decision.get("accepted_edit") == worth(run)


def _open_draft(run: Run, invoice: Posting) -> Remote | None:
    """It is not the customer's yet, and its period is open: so it may be changed."""
    if run.policy.invoice_status != "draft" or invoice.note == LINKED or invoice.date is None:
        return None
    if not Calendar(run.flow.target.lock_date).is_open(invoice.date):
        return None
    with calling(run.flow.target):
        remote: Remote = run.target.resource(invoice.resource).read(invoice.remote_id)
    return remote if remote.status == "draft" and remote.state != "deleted" else None


def _is_changed(draft: Remote, invoice: Posting, run: Run) -> bool:
    """Somebody worked on it in the books: it is over neither what we left there nor what it is to become, which a worker
    that died may have done already."""
    if run.wanted is None or draft.total == invoice.booked:
        return False
    wanted = run.wanted.invoice
    unit = max(minor_unit(wanted.currency), BOOKS_UNIT)
    return bool(abs(draft.total - wanted.total) > unit * run.policy.rounding_tolerance.document)


def _edited_again(run: Run, order: Order, invoice: Posting, edits: list[Edit], **theirs: str) -> Held:
    """With everything that the decision will be bound to: what the order was worth in the books, and what it is now."""
    credits = any(step.each == "refunds" for step in run.steps)
    if run.wanted is None or run.wanted.invoice.currency != invoice.currency or not credits:
        return edited(run, invoice, **theirs)
    was, now = edits[-1].now if edits else first_stand(invoice), Stand.of(run.wanted.invoice)
    edit = Edit(how="adjust", digest=worth(run), date=changed_on(order), was=was, now=now)
    kept = edit.model_dump(mode="json", exclude={"how"})
    told = f"{was.total} {was.currency}"
    return _held(run, told, remedy=BUTTONS, lines=listed(was, now), edit={"after": len(edits), **kept}, **theirs)


def _held(run: Run, posted: str, **more: Any) -> Held:
    return Held(
        "edited_after_posting",
        f"Order {run.record.number} was edited in its store after it was posted",
        posted=posted,
        now=f"{run.record.total} {run.record.currency}",
        digest=worth(run),
        **more,
    )


def first_stand(invoice: Posting) -> Stand:
    """What the first invoice was made of; where that was not kept, its own lines."""
    document = invoice.document
    kept = invoice.basis or {name: document[name] for name in ("currency", "total", "lines")}
    return Stand.model_validate(kept)


def _standing(run: Run, invoice: Posting) -> Standing:
    first = first_stand(invoice)
    return Standing(
        first=first,
        calendar=Calendar(run.flow.target.lock_date),
        tax_decimals=run.target.capabilities().tax_decimals,
        amiss=_amiss(first, invoice),
        paid=_paid(run),
        dated=invoice.date if invoice.state == Posting.State.DONE else None,
    )


def _amiss(first: Stand, invoice: Posting) -> Decimal:
    """By how much a linked invoice is over less than what a person said that it stands for."""
    if invoice.note != LINKED or invoice.booked is None:
        return ZERO
    return first.total - invoice.booked


def _paid(run: Run) -> dict[str, tuple[str, Decimal]]:
    """Recorded payment → the invoice that it is on, by their parts, and its amount."""
    invoices = {one.remote_id: one.part for one in run.postings if one.resource == run.flow.target_resource}
    payments = (one for one in run.postings if one.resource == "payment" and one.state != Posting.State.INTENDED)
    return {one.part: (invoices.get(one.document["invoice_id"], ""), one.total or ZERO) for one in payments}
