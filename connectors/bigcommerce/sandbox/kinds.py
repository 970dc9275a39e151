"""Every kind of order that the store knows: what is in the basket, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from connectors.bigcommerce.sandbox import carts, statuses
from connectors.sandbox import trade
from connectors.sandbox.trade import PAID, SHIPPED


@dataclass(frozen=True)
class Kind(trade.Kind):
    """`placed` is the status it starts with."""

    placed: int = statuses.PENDING


KINDS: dict[str, Kind] = {
    "simple": Kind(carts.ordinary, SHIPPED),
    "options": Kind(carts.options, SHIPPED),
    "pick_list": Kind(carts.pick_list),
    "virtual": Kind(carts.digital, SHIPPED),
    "extras": Kind(carts.with_extras, SHIPPED),
    "tax_inclusive": Kind(carts.inclusive_coupon, SHIPPED),
    "two_rates": Kind(carts.two_rates),
    "mixed_rates": Kind(carts.mixed_rates),
    "coupon": Kind(carts.coupon),
    "manual_discount": Kind(carts.manual_discount),
    "shipping_discount": Kind(carts.free_shipping, SHIPPED),
    "free": Kind(carts.free, outcome="skipped:zero_total"),
    "guest": Kind(carts.as_guest),
    "company": Kind(carts.company),
    "gift_card": Kind(carts.gift_certificate),
    "store_credit": Kind(carts.store_credit),
    "gift_card_only": Kind(partial(carts.gift_certificate, amount=None)),
    "gift_card_sale": Kind(carts.certificate_sale),
    "foreign_currency": Kind(carts.foreign),
    "shown_abroad": Kind(carts.shown_abroad),
    "yen": Kind(carts.yen),
    "partial_capture": Kind(carts.several, ("authorize", "capture_some", "capture")),
    "authorised": Kind(carts.online, ("authorize",), "skipped:not_accepted"),
    "unpaid": Kind(carts.ordinary, (), "skipped:not_accepted"),
    "shipped_unpaid": Kind(carts.company, ("ship",)),
    "partial_refund": Kind(carts.several, ("capture", "ship", "refund_some")),
    "full_refund": Kind(carts.several, ("capture", "refund")),
    "adjustment_refund": Kind(carts.several, ("capture", "ship", "refund_adjustment")),
    "shipping_refund": Kind(carts.several, ("capture", "ship", "refund_shipping")),
    "refund_with_fee": Kind(carts.several, ("capture", "ship", "refund_with_fee")),
    "refunded_too_much": Kind(carts.several, ("capture", "ship", "refund_some", "refund_too_much")),
    "refund_without_memo": Kind(carts.several, ("capture", "ship", "call_refunded")),
    "canceled": Kind(carts.online, ("cancel",), "skipped:canceled"),
    "declined": Kind(carts.online, ("decline",), "skipped:canceled"),
    "edited": Kind(carts.several, ("edit", "capture")),
    "incomplete": Kind(carts.online, (), "skipped:not_accepted", placed=statuses.INCOMPLETE),
    "on_hold": Kind(carts.online, ("hold",), "skipped:not_accepted"),
    "archived": Kind(carts.online, ("capture", "ship", "archive")),
    "test_order": Kind(carts.by_test_gateway, SHIPPED, "skipped:test_order"),
    "migrated": Kind(carts.migrated, SHIPPED, "skipped:migrated"),
    "invoice_payment": Kind(carts.invoice_payment, PAID, "skipped:invoice_payment"),
    "near_midnight": Kind(carts.ordinary, near_midnight=True),
}
RARE: dict[str, Kind] = {
    "no_email": Kind(carts.no_email, outcome="held:no_email"),
    "many_lines": Kind(carts.many_lines),
    "dinar": Kind(carts.dinar),
}
"""Placed only when asked for: the one bad order, one whose lines do not fit on a page, and one in a currency with smaller
cents than most books keep."""
SIMPLY_PAID = [name for name, kind in KINDS.items() if kind.life in (PAID, SHIPPED) and kind.outcome == "posted"]


def kind_named(name: str) -> Kind:
    """Raises KeyError."""
    return {**KINDS, **RARE}[name]
