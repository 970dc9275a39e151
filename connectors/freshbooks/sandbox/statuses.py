"""An invoice's many statuses: a number, and four words that do not always agree with it."""

from __future__ import annotations

from decimal import Decimal

from connectors.freshbooks.sandbox import balances, refusals
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.money import amount_of
from connectors.freshbooks.sandbox.tables import Row

DISPUTED, DRAFT, SENT, VIEWED = range(4)
WORDS = {DISPUTED: "disputed", DRAFT: "draft", SENT: "sent", VIEWED: "viewed"}


def read(body: Body) -> int:
    """Only the first four can be set: the others follow from payments."""
    status = body.integer("status")
    if status not in WORDS:
        message = "Status must be one of 'draft', 'sent', 'viewed' or 'disputed'."
        raise body.refuse(refusals.INVALID, "status", message)
    return status


def shown(row: Row, paid: Decimal, *, paid_status: int) -> Row:
    """A partly paid invoice keeps its number and display status; only the words about payment change."""
    payment = balances.word(amount_of(row["amount"]), paid)
    status, is_paid = row["status"], payment == "paid"
    return {
        "status": paid_status if is_paid and status != DRAFT else status,
        "display_status": "sent" if status == DISPUTED else WORDS[status],
        "payment_status": payment,
        "v3_status": _v3(row, payment),
        "date_paid": row["_last_paid"] if is_paid else None,
        "fulfillment_date": None if status == DRAFT else row["create_date"],
    }


def _v3(row: Row, payment: str) -> str:
    """`overdue` is worked out at each reading; a draft past its due date stays a draft."""
    if row["status"] == DISPUTED or payment != "unpaid":
        return "disputed" if row["status"] == DISPUTED else payment
    return "overdue" if balances.overdue(row) else WORDS[row["status"]]
