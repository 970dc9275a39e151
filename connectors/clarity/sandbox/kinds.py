"""Every kind of order that the site knows: what is in the basket, and what becomes of it."""

from __future__ import annotations

from connectors.clarity.sandbox import baskets
from connectors.sandbox.trade import PAID, SHIPPED, Kind

KINDS: dict[str, Kind] = {
    "simple": Kind(baskets.ordinary, SHIPPED),
    "virtual": Kind(baskets.virtual),
    "coupon": Kind(baskets.coupon),
    "order_discount": Kind(baskets.order_discount, SHIPPED),
    "charges": Kind(baskets.charges),
    "mixed_rates": Kind(baskets.mixed_rates),
    "two_rates": Kind(baskets.two_rates),
    "tax_unspread": Kind(baskets.tax_unspread),
    "carried_cents": Kind(baskets.carried_cents),
    "fractional": Kind(baskets.fractional),
    "odd_sku": Kind(baskets.odd_sku),
    "guest": Kind(baskets.as_guest),
    "company": Kind(baskets.company),
    "twins": Kind(baskets.twins),
    "free": Kind(baskets.free, ("approve",), "skipped:zero_total"),
    "foreign_currency": Kind(baskets.canadian),
    "yen": Kind(baskets.yen),
    "dinar": Kind(baskets.dinar),
    "surcharge": Kind(baskets.several, ("capture_with_surcharge", "ship")),
    "partial_capture": Kind(baskets.several, ("capture_some", "capture")),
    "twice_listed": Kind(baskets.ordinary, ("capture_twice_told",)),
    "authorised": Kind(baskets.ordinary, ("authorize",)),
    "declined": Kind(baskets.ordinary, ("decline", "capture")),
    "voided": Kind(baskets.ordinary, ("let_go", "capture")),
    "completed": Kind(baskets.ordinary, ("capture", "ship", "complete")),
    "unpaid": Kind(baskets.ordinary, (), "skipped:not_accepted"),
    "approved": Kind(baskets.company, ("approve",)),
    "shipped_unpaid": Kind(baskets.company, ("approve", "ship")),
    "partial_refund": Kind(baskets.several, ("capture", "ship", "refund_some")),
    "full_refund": Kind(baskets.several, ("capture", "refund")),
    "adjustment_refund": Kind(baskets.several, ("capture", "ship", "refund_adjustment")),
    "shipping_refund": Kind(baskets.several, ("capture", "ship", "refund_shipping")),
    "refund_with_fee": Kind(baskets.several, ("capture", "ship", "refund_with_fee")),
    "edited": Kind(baskets.several, ("amend", "capture")),
    "refunded_too_much": Kind(baskets.several, ("capture", "ship", "refund_some", "refund_too_much")),
    "refund_without_memo": Kind(baskets.several, ("capture", "ship", "close_as_refunded")),
    "canceled": Kind(baskets.ordinary, ("cancel",), "skipped:canceled"),
    "pending_payment": Kind(baskets.ordinary, ("await_payment",), "skipped:not_accepted"),
    "on_hold": Kind(baskets.ordinary, ("hold",), "skipped:not_accepted"),
    "near_midnight": Kind(baskets.ordinary, near_midnight=True),
}
NO_EMAIL = Kind(baskets.nobody, outcome="held:no_email")
PUZZLE = Kind(baskets.ordinary, ("capture", "puzzle"), "held:unknown_status")
FILS = Kind(baskets.fils, outcome="held:tax_differs")
"""Bad orders, placed only when asked for."""
SIMPLY_PAID = [name for name, kind in KINDS.items() if kind.life in (PAID, SHIPPED) and kind.outcome == "posted"]


def kind_named(name: str) -> Kind:
    """Raises LookupError."""
    found = {**KINDS, "no_email": NO_EMAIL, "puzzle": PUZZLE, "fils": FILS}.get(name)
    if found is None:
        raise LookupError(f"there is no kind of order {name}")
    return found
