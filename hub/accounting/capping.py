"""What of each refund is credited: never more than is left of the invoice, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from connectors.documents import ZERO, Order, Refund
from hub.accounting.amounts import rounded


def happened(order: Order) -> list[Refund]:
    """Without those that were only announced: their money has not been returned yet."""
    done = (refund for refund in order.refunds if not refund.pending and refund.total > 0)
    return sorted(done, key=lambda refund: (refund.refunded_at, refund.id))


def capped(order: Order, credited: Mapping[str, Decimal]) -> Iterator[tuple[Refund, Decimal]]:
    """Each refund that is credited, with how much of it. `credited` is what the books hold already, by refund: that
    stands, also against a refund that was made before it and heard of after it, and where the store took it back. A
    share is written alike whether it was worked out or read from a database, for the document that comes of it is
    compared by its text."""
    left: Decimal = order.total - sum(credited.values(), ZERO)
    for refund in happened(order):
        share = credited.get(refund.id)
        if share is None:
            share = max(min(refund.total, left), ZERO)
            left -= share
        if share:
            yield refund, rounded(share, order.currency)
