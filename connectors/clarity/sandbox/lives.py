"""What can become of an order after it was placed: the steps of a life."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from connectors.clarity.sandbox import paying
from connectors.clarity.sandbox.baskets import fewer
from connectors.clarity.sandbox.money import ZERO, rounded, total
from connectors.clarity.sandbox.placing import amend as amended
from connectors.clarity.sandbox.pricing import piece
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row

Step = Callable[[Shop, Row], Row]
"""Takes an order's newest row; returns what it made or changed."""


def capture(shop: Shop, order: Row) -> Row:
    """All that is owed still."""
    return _paid(shop, order, order["total"] - paying.captured(shop, order))


def capture_some(shop: Shop, order: Row) -> Row:
    """The first line alone."""
    line = order["lineItems"][0]
    return _paid(shop, order, line["total"] + (line["taxAmount"] or ZERO))


def capture_with_surcharge(shop: Shop, order: Row) -> Row:
    surcharge = rounded(order["total"] * Decimal("0.03"), order["currency"])
    return _paid(shop, order, order["total"], surcharge)


def capture_twice_told(shop: Shop, order: Row) -> Row:
    """One capture that the site lists twice, under two ids."""
    payment = _paid(shop, order, order["total"])
    return paying.pay(shop, order, order["total"], transaction=payment["transactionId"])


def authorize(shop: Shop, order: Row) -> Row:
    """The money is reserved, not taken; the site takes the order on."""
    paying.pay(shop, order, order["total"], status="authorized")
    return _status(shop, order, "processing")


def decline(shop: Shop, order: Row) -> Row:
    paying.pay(shop, order, order["total"], status="failed")
    return changed(shop, order)


def let_go(shop: Shop, order: Row) -> Row:
    """What was authorised is not taken; it is paid anew."""
    paying.pay(shop, order, order["total"], status="voided")
    return changed(shop, order)


def void(shop: Shop, order: Row) -> Row:
    """Its newest capture is voided, and its money is not paid any more. Raises LookupError where there is none."""
    paying.void(shop, order)
    return changed(shop, shop.order(order["id"]))


def approve(shop: Shop, order: Row) -> Row:
    """On account: sold, not paid."""
    return _status(shop, order, "processing")


def ship(shop: Shop, order: Row) -> Row:
    return _status(shop, order, "shipped")


def complete(shop: Shop, order: Row) -> Row:
    return _status(shop, order, "completed")


def hold(shop: Shop, order: Row) -> Row:
    return _status(shop, order, "on hold")


def unhold(shop: Shop, order: Row) -> Row:
    return _status(shop, order, "processing" if paying.captured(shop, order) else "pending")


def await_payment(shop: Shop, order: Row) -> Row:
    return _status(shop, order, "awaiting payment")


def cancel(shop: Shop, order: Row) -> Row:
    shop.before_cancel[order["id"]] = order["status"]
    return _status(shop, order, "cancelled", event="order.cancelled")


def revive(shop: Shop, order: Row) -> Row:
    """As it was before it was canceled. Raises KeyError for one that was not."""
    return _status(shop, order, shop.before_cancel[order["id"]])


def puzzle(shop: Shop, order: Row) -> Row:
    """A status that nobody has explained."""
    return _status(shop, order, "Backordered at vendor")


def amend(shop: Shop, order: Row) -> Row:
    """Raises KeyError for an order that was not made here."""
    return changed(shop, amended(shop, order, fewer(shop.baskets[order["id"]])))


def refund(shop: Shop, order: Row) -> Row:
    """All that is left."""
    back = total(one["amount"] for one in shop.refunds_of(order))
    return _given_back(shop, order, order["total"] - back)


def refund_some(shop: Shop, order: Row) -> Row:
    """One piece of the first line."""
    one = piece(order["lineItems"][0], order["currency"])
    return _given_back(shop, order, one["total"] + one["taxAmount"], [one])


def refund_adjustment(shop: Shop, order: Row) -> Row:
    """Money only, for no item."""
    return _given_back(shop, order, Decimal("4.75"))


def refund_shipping(shop: Shop, order: Row) -> Row:
    net, tax = order["shippingTotal"], order["shippingTaxTotal"]
    line = {
        "id": "shipping",
        "name": "Shipping",
        "quantity": Decimal(1),
        "unitPrice": net,
        "taxAmount": tax,
        "total": net,
    }
    return _given_back(shop, order, net + tax, [line])


def refund_with_fee(shop: Shop, order: Row) -> Row:
    """One piece of the first line; the shop keeps something for its trouble."""
    one, kept = piece(order["lineItems"][0], order["currency"]), Decimal("-0.50")
    fee = {"id": "fee", "name": "Adjustment fee", "quantity": Decimal(1), "unitPrice": kept, "total": kept}
    return _given_back(shop, order, one["total"] + one["taxAmount"] + kept, [one, fee])


def cancel_refund(shop: Shop, order: Row) -> Row:
    """Its newest refund has not happened after all. Raises LookupError where there is none."""
    refund = paying.take_back(shop, order)
    if shop.switch["refund_touches_order"]:
        changed(shop, shop.order(order["id"]))
    return refund


def refund_too_much(shop: Shop, order: Row) -> Row:
    """All that was paid, whatever went back before."""
    return _given_back(shop, order, order["total"])


def close_as_refunded(shop: Shop, order: Row) -> Row:
    """The money went back past the site, whose payments only say that it did: no refund of its own."""
    paying.give_back(shop, order, order["total"], noted=False)
    return _status(shop, order, "refunded")


def _paid(shop: Shop, order: Row, amount: Decimal, surcharge: Decimal = ZERO) -> Row:
    payment = paying.pay(shop, order, amount, surcharge=surcharge)
    order["paymentStatus"] = paying.payment_status(shop, order)
    _status(shop, order, "processing" if order["status"] in ("pending", "awaiting payment") else order["status"])
    return payment


def _given_back(shop: Shop, order: Row, amount: Decimal, lines: list[Row] | None = None) -> Row:
    refund = paying.give_back(shop, order, amount, lines or [])
    if shop.switch["refund_touches_order"]:
        changed(shop, order)
    return refund


def _status(shop: Shop, order: Row, status: str, event: str = "order.updated") -> Row:
    return changed(shop, {**order, "status": status}, event)


def changed(shop: Shop, order: Row, event: str = "order.updated") -> Row:
    shop.save(shop.orders, order)
    shop.announce(event, order)
    return order


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        capture, capture_some, capture_with_surcharge, capture_twice_told, authorize, decline, let_go, void, approve,
        ship, complete, hold, unhold, await_payment, cancel, revive, puzzle, amend, refund, refund_some,
        refund_adjustment, refund_shipping, refund_with_fee, refund_too_much, cancel_refund, close_as_refunded,
    )
}  # fmt: skip
