"""What a person must settle before an order is booked. What a word of the site means is never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from connectors.clarity import captures, refunds
from connectors.clarity.captures import Capture
from connectors.clarity.record import Record
from connectors.clarity.statuses import ORDERS, PAYMENTS, REFUNDS, stage_of
from connectors.clarity.sums import CENT
from connectors.documents import Doubt


def unexplained(order: Record, payments: Sequence[Record], told: Sequence[Record]) -> Doubt | None:
    """A status that nobody has explained: of the order, one of its payments, or one of the refunds that are `told`."""
    if not stage_of(order):
        return _unknown(order, "", "status_map", ORDERS)
    for payment in payments:
        if not captures.status(payment):
            return _unknown(payment, "payment_", "payment_status_map", PAYMENTS)
    for refund in told:
        if not refunds.status(refund):
            return _unknown(refund, "refund_", "refund_status_map", REFUNDS)
    return None


def untold_refund(captured: Sequence[Capture]) -> Doubt | None:
    """A part went back, and nothing says how much. For where the site lists no refund of the order."""
    part = next((one.record for one in captured if one.partly and not one.back), None)
    if part is None:
        return None
    return Doubt(
        reason="refund_amount_unknown",
        message=f"A part of {part.called} was given back, but the site does not say how much",
        field="payment.refundedAmount",
        remedy="Say under “Fields” where a payment holds what was given back of it: "
        '{"payment.refundedAmount": "…"}; or under “Addresses” where the site lists its refunds. Then retry.',
    )


def inconsistent(order: Record, residual: Decimal, *, booked: bool) -> Doubt | None:
    """The sheet's tolerance is a cent for the whole order. Until it is to be booked, it may still be worked on."""
    if abs(residual) <= CENT or not booked:
        return None
    return Doubt(
        reason="does_not_add_up",
        message=f"The lines, charges, taxes and discounts of order {order.text('orderNumber')} leave "
        f"{residual:f} of its total of {order.text('total')} unexplained",
        field="order.total",
        value=order.text("total"),
        remedy="Look at the order in the store, and at the connection's fields: an amount may stand under another name. "
        "The page “Try on a record” shows what the settings make of an order.",
    )


def _unknown(record: Record, what: str, setting: str, words: Iterable[str]) -> Doubt:
    status = record.text("status")
    called = record.called[0].upper() + record.called[1:]
    return Doubt(
        reason=f"unknown_{what}status",
        message=f"{called} has the status “{status}”, which nobody has explained yet",
        field=setting,
        value=status,
        remedy=f"Add “{status}” to the connection's {record.kind} statuses, as one of {', '.join(words)}; then retry.",
    )
