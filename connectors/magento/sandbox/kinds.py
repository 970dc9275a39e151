"""Every kind of order that the shop knows: what is in the basket, and what becomes of it."""

from __future__ import annotations

from connectors.magento.sandbox import carts
from connectors.sandbox.trade import PAID, SHIPPED, Kind

KINDS: dict[str, Kind] = {
    "simple": Kind(carts.ordinary, SHIPPED),
    "virtual": Kind(carts.virtual),
    "configurable": Kind(carts.configurable, SHIPPED),
    "dynamic_bundle": Kind(carts.dynamic_bundle),
    "fixed_bundle": Kind(carts.fixed_bundle),
    "tax_inclusive": Kind(carts.tax_inclusive, SHIPPED),
    "two_rates": Kind(carts.two_rates),
    "mixed_rates": Kind(carts.mixed_rates),
    "carried_cents": Kind(carts.carried_cents),
    "rounded_units": Kind(carts.rounded_units),
    "shipping_discount": Kind(carts.shipping_discount, SHIPPED),
    "coupon": Kind(carts.coupon),
    "free": Kind(carts.free, outcome="skipped:zero_total"),
    "guest": Kind(carts.as_guest),
    "company": Kind(carts.company),
    "tax_exempt": Kind(carts.tax_exempt),
    "gift_card": Kind(lambda dice: carts.tendered(dice, "gift_card")),
    "store_credit": Kind(lambda dice: carts.tendered(dice, "store_credit")),
    "reward_points": Kind(lambda dice: carts.tendered(dice, "reward_points", "7.50")),
    "gift_card_only": Kind(lambda dice: carts.tendered(dice, "gift_card", None)),
    "gift_card_sale": Kind(carts.gift_card_sale),
    "fixed_product_tax": Kind(carts.fixed_product_tax),
    "foreign_currency": Kind(lambda dice: carts.foreign(dice, "CAD")),
    "yen": Kind(carts.yen),
    "dinar": Kind(lambda dice: carts.foreign(dice, "KWD")),
    "partial_capture": Kind(carts.several, ("capture_some", "capture")),
    "authorised": Kind(lambda dice: carts.by("braintree", carts.ordinary(dice)), ("authorize",)),
    "unpaid": Kind(lambda dice: carts.by("checkmo", carts.ordinary(dice)), (), "skipped:not_accepted"),
    "shipped_unpaid": Kind(carts.company, ("ship",)),
    "partial_refund": Kind(carts.several, ("capture", "ship", "refund_some")),
    "full_refund": Kind(carts.several, ("capture", "refund")),
    "adjustment_refund": Kind(carts.several, ("capture", "ship", "refund_adjustment")),
    "shipping_refund": Kind(carts.several, ("capture", "ship", "refund_shipping")),
    "refund_with_fee": Kind(carts.several, ("capture", "ship", "refund_with_fee")),
    "refunded_too_much": Kind(carts.several, ("capture", "ship", "refund_some", "refund_too_much")),
    "refund_without_memo": Kind(carts.several, ("capture", "ship", "close_as_refunded")),
    "canceled": Kind(carts.ordinary, ("cancel",), "skipped:canceled"),
    "edited": Kind(carts.several, ("edit", "capture")),
    "pending_payment": Kind(
        lambda dice: carts.by("paypal_express", carts.ordinary(dice)), ("await_payment",), "skipped:not_accepted"
    ),
    "on_hold": Kind(carts.ordinary, ("hold",), "skipped:not_accepted"),
    "fractional": Kind(carts.fractional),
    "entities": Kind(carts.entities),
    "no_region": Kind(carts.no_region),
    "near_midnight": Kind(carts.ordinary, near_midnight=True),
}
NO_EMAIL = Kind(carts.no_email, outcome="held:no_email")
"""The one bad order; placed only when asked for."""
SIMPLY_PAID = [name for name, kind in KINDS.items() if kind.life in (PAID, SHIPPED) and kind.outcome == "posted"]


def kind_named(name: str) -> Kind:
    """Raises KeyError."""
    return NO_EMAIL if name == "no_email" else KINDS[name]
