"""What a site says was paid and given back in all: sums, which its lists of payments and refunds need not explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from connectors.clarity.captures import Capture
from connectors.clarity.reading import rounded
from connectors.clarity.record import Record
from connectors.clarity.statuses import GENERIC_ORDERS, GENERIC_PAYMENTS, meaning
from connectors.documents import ZERO, Payment, Raw

SETTLED: Mapping[str, str] = {**GENERIC_PAYMENTS, "paid": "captured", "full payment received": "captured"}
"""Words in an order's `paymentStatus`. What else stands there, such as a part, says no sum."""


def paid_in_all(order: Record, total: Decimal, currency: str) -> Payment | None:
    """The sum that the order states; else its total, where a status says that this was paid. Only the order's own date
    is known of it."""
    stated = order.stated("paidTotal")
    whole = rounded(stated, currency) if stated is not None else total if says_paid(order) else ZERO
    placed_at = order.when("orderDate")
    if whole <= 0:
        return None
    return Payment(
        id=f"order-{order.id()}",
        order_id=order.id(),
        method=order.text("paymentMethod"),
        method_name=order.text("paymentMethod"),
        amount=whole,
        currency=currency,
        paid_at=placed_at,
        date=placed_at.astimezone(order.terms.zone).date(),
    )


def says_paid(order: Record) -> bool:
    closed = meaning(order.text("status"), GENERIC_ORDERS, order.terms.table("status_map"))
    return _settled(order) in ("captured", "refunded") or closed == "paid"


def told_by_nothing_else(raw: Raw, order: Record) -> bool:
    """Whether the order's own word is all that there will be: a sum, or a status where the site lists no payments at all.
    Elsewhere a status is no money, for a payment will be listed."""
    return order.stated("paidTotal") is not None or raw.get("payments") is None


def refunded_in_all(
    raw: Raw, order: Record, captured: Sequence[Capture], total: Decimal, currency: str
) -> Decimal | None:
    """By the order's own sum or by the payments, whichever knows of more; where the site lists no payments, by the order's
    word that all went back."""
    told = sum((one.back for one in captured), ZERO)
    whole = max(rounded(abs(order.amount("refundedTotal")), currency), told)
    untold = total if raw.get("payments") is None and _settled(order) == "refunded" else ZERO
    return whole or untold or None


def _settled(order: Record) -> str:
    return meaning(order.text("paymentStatus"), SETTLED, order.terms.table("payment_status_map"))
