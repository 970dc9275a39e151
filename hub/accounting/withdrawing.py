"""What the books hold of an order, and its source took back: a refund that was canceled or made smaller, a payment that
was voided."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.documents import ZERO, Order
from hub.accounting.parts import is_tender
from hub.accounting.payments import captures
from hub.accounting.terms import Terms
from hub.accounting.wanted import Withdrawn

CREDIT, PAYMENT = "credit_note", "payment"


def withdrawn(order: Order, terms: Terms) -> Iterator[Withdrawn]:
    """A gift card or store credit is never taken back by itself."""
    refunds = {refund.id: refund.total for refund in order.refunds}
    for part, held in terms.credited.items():
        if refunds.get(part, ZERO) < held:
            yield Withdrawn(resource=CREDIT, part=part)
    payments = {payment.id for payment in captures(order, terms)}
    for part in terms.recorded:
        if part not in payments and not is_tender(part):
            yield Withdrawn(resource=PAYMENT, part=part)
