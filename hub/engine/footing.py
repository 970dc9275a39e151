"""What a payment or a credit note stands on: its invoice must be in the books and have room for it, and its credit must
not be used up. Somebody may have seen to that by hand."""

from __future__ import annotations

from connectors.base import Remote
from connectors.documents import BooksPayment
from hub.engine import choices
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.still_there import still_there
from hub.errors import Held
from hub.models import Posting


def require_invoice(posting: Posting, of: str, run: Run) -> None:
    """The part of the order's invoices that a credit note takes from; but for one that was made or found just now."""
    invoice = run.posting_of(run.flow.target_resource, of)
    if invoice and invoice.state == Posting.State.DONE and invoice.pk not in run.fresh | run.found:
        _read(invoice, posting, run)


def require_room(posting: Posting, payment: BooksPayment, invoice: Posting, run: Run) -> None:
    """More than is outstanding is never sent."""
    outstanding = _read(invoice, posting, run).outstanding
    if payment.credit_id:
        _require_credit(posting, payment, run)
    if outstanding is not None and outstanding < payment.amount:
        raise Held(
            "overpays",
            f"Invoice {invoice.natural_key} has {outstanding} outstanding, and {payment.amount} was paid in the store",
            posting=choices.key(posting),
            outstanding=str(outstanding),
            amount=str(payment.amount),
            remedy="See in the books who recorded a payment: remove it there and retry, or leave this one out.",
        )


def _read(invoice: Posting, posting: Posting, run: Run) -> Remote:
    remote = still_there(invoice, run)
    if remote is None:
        raise Held(
            "invoice_deleted",
            f"{posting} belongs to invoice {invoice.natural_key}, which somebody deleted in the books",
            posting=choices.key(posting),
            gone=choices.key(invoice),
            remedy="Restore the invoice in the books and try again; or have it posted again; or leave this one out "
            "with a reason.",
        )
    return remote


def _require_credit(posting: Posting, payment: BooksPayment, run: Run) -> None:
    with calling(run.flow.target):
        note = run.target.resource("credit_note").read(payment.credit_id)
    if note.state == "deleted" or (note.outstanding is not None and note.outstanding < payment.amount):
        left = "deleted" if note.state == "deleted" else f"{note.outstanding} of it is left"
        raise Held(
            "credit_used",
            f"Credit note {note.number} is to pay {payment.amount}, and in the books {left}",
            posting=choices.key(posting),
            amount=str(payment.amount),
            remedy="See in the books what it was used for; nothing more of it is applied here.",
        )
