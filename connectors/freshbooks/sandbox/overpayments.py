"""What of each payment an invoice takes, and the credit note that holds what it does not."""

from __future__ import annotations

from decimal import Decimal

from connectors.freshbooks.sandbox import balances
from connectors.freshbooks.sandbox.account import Account
from connectors.freshbooks.sandbox.credit_notes import CreditNotes
from connectors.freshbooks.sandbox.money import ZERO, amount_of
from connectors.freshbooks.sandbox.resource import DELETED
from connectors.freshbooks.sandbox.tables import Row


def settle(account: Account, invoice: Row) -> None:
    """Apply the invoice's payments anew, oldest first. A payment stays whole; its surplus is credit."""
    invoice = dict(invoice)
    owed = amount_of(invoice["amount"])
    for payment in account.tables["payments"].find("invoiceid", invoice["id"]):
        alive = payment["vis_state"] != DELETED
        applied = min(amount_of(payment["amount"]), max(owed, ZERO)) if alive else ZERO
        surplus = amount_of(payment["amount"]) - applied if alive else ZERO
        _apply(account, invoice, payment, applied, surplus)
        owed -= applied
    invoice["_last_paid"] = max((one["date"] for one in balances.payments(account, invoice)), default=None)
    account.save("invoices", invoice)


def _apply(account: Account, invoice: Row, payment: Row, applied: Decimal, surplus: Decimal) -> None:
    payment["_applied"] = applied
    note = account.tables["credit_notes"].get(payment["overpaymentid"] or 0)
    if note is not None and note["vis_state"] == DELETED:
        note = None
    if note is None and surplus:
        note = CreditNotes(account).for_overpayment(invoice, surplus, payment["date"])
    if note is not None and amount_of(note["amount"]) != surplus:
        CreditNotes(account).resize(note, surplus)
    payment["overpaymentid"] = note["id"] if note and surplus else None
