"""Money that comes and goes: authorised, captured, voided, given back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.clarity.sandbox.money import ZERO, total
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row

TAKEN = ("captured", "partially_refunded", "refunded")


def captured(shop: Shop, order: Row) -> Decimal:
    """Without surcharges: what of the order's total was paid."""
    taken = (one for one in shop.payments_of(order) if one["status"] in TAKEN)
    return total(one["amount"] - one["surchargeAmount"] for one in taken)


def pay(
    shop: Shop,
    order: Row,
    amount: Decimal,
    *,
    status: str = "captured",
    surcharge: Decimal = ZERO,
    transaction: str = "",
) -> Row:
    """`amount` is of the order; the customer is charged the surcharge beyond it."""
    number = shop.next("payment")
    basket = shop.baskets.get(order["id"])
    payment = {
        "id": f"pay_{number}",
        "transactionId": transaction or f"txn_{number:06d}",
        "orderId": order["id"],
        "status": status,
        "amount": amount + surcharge,
        "surchargeAmount": surcharge,
        "feeAmount": ZERO,
        "currency": order["currency"],
        "method": basket.method if basket else "credit_card",
        "gateway": (basket.gateway if basket else "") or None,
        "capturedAt": shop.clock.stamp() if status in TAKEN else None,
        "refundedAmount": ZERO,
        "reference": None,
        **({"updatedAt": shop.clock.stamp()} if shop.switch["payment_stamps"] else {}),
    }
    shop.save(shop.payments, payment)
    if status in TAKEN:
        shop.announce("payment.captured", payment)
    return payment


def payment_status(shop: Shop, order: Row) -> str:
    """The order's own word for what was paid of it."""
    paid = captured(shop, order)
    return "paid" if paid >= order["total"] and paid else "partially_paid" if paid else "unpaid"


def void(shop: Shop, order: Row) -> Row:
    """Raises LookupError."""
    newest = _last_taken(shop, order)
    if newest is None:
        raise LookupError(f"a payment of order {order['orderNumber']}")
    voided = shop.save(shop.payments, {**newest, "status": "voided"})
    order = shop.order(order["id"])
    shop.save(shop.orders, {**order, "paymentStatus": payment_status(shop, order)})
    return voided


def give_back(
    shop: Shop, order: Row, amount: Decimal, lines: Sequence[Row] = (), *, noted: bool = True, when: str = ""
) -> Row:
    """Off the payments, the oldest first, and as a refund of its own where it is `noted`. Returns the refund."""
    left, touched = amount, []
    for payment in shop.payments_of(order):
        share = (
            left if payment is _last_taken(shop, order) else min(left, payment["amount"] - payment["refundedAmount"])
        )
        if payment["status"] in TAKEN and share > 0:
            touched.append(_lowered(shop, payment, share))
            left -= share
    number = shop.next("refund")
    refund = {
        "id": f"ref_{number}",
        "refundNumber": f"RF-{number:05d}",
        "orderId": order["id"],
        "paymentId": touched[0]["id"] if touched else None,
        "status": "completed",
        "amount": amount,
        "currency": order["currency"],
        "refundedAt": when or shop.clock.stamp(),
        "updatedAt": shop.clock.stamp(),
        "reason": "Customer return",
        "lineItems": list(lines),
    }
    if noted:
        shop.save(shop.refunds, refund)
    for payment in touched:
        shop.announce("payment.refunded", payment)
    return refund


def take_back(shop: Shop, order: Row) -> Row:
    """The newest refund is canceled, and its money is with the payments again, the newest first. Raises LookupError."""
    standing = shop.refunds_of(order)
    if not standing:
        raise LookupError(f"a refund of order {order['orderNumber']}")
    left = standing[-1]["amount"]
    for payment in reversed(shop.payments_of(order)):
        share = min(left, payment["refundedAmount"])
        if share:
            shop.announce("payment.refunded", _lowered(shop, payment, -share))
            left -= share
    return shop.save(shop.refunds, {**standing[-1], "status": "cancelled"})


def _last_taken(shop: Shop, order: Row) -> Row | None:
    """What is given back beyond everything that was paid is the last one's."""
    taken = [one for one in shop.payments_of(order) if one["status"] in TAKEN]
    return taken[-1] if taken else None


def _lowered(shop: Shop, payment: Row, share: Decimal) -> Row:
    back = payment["refundedAmount"] + share
    status = "captured" if not back else "refunded" if back >= payment["amount"] else "partially_refunded"
    return shop.save(shop.payments, {**payment, "refundedAmount": back, "status": status})
