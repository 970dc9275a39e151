"""The payments an order wants: each captured amount, and each tender. Never more than the invoice's total."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from connectors.base import Capabilities
from connectors.documents import Order, Payment, Tender
from hub.accounting.dates import Calendar
from hub.accounting.policy import Policy
from hub.accounting.wanted import WantedPayment
from hub.errors import Held

TYPE_WORDS = (
    # Word in the method's code or name → the books' type; the first that fits. Payment methods are the trade's words.
    ("paypal", "PayPal"),
    ("credit", "Credit Card"),
    ("card", "Credit Card"),
    ("stripe", "Credit Card"),
    ("braintree", "Credit Card"),
    ("check", "Check"),
    ("cheque", "Check"),
    ("bank", "Bank Transfer"),
    ("transfer", "Bank Transfer"),
    ("wire", "Bank Transfer"),
    ("cash", "Cash"),
    ("ach", "ACH"),
)
TENDER_NAMES = {"gift_card": "Gift card", "store_credit": "Store credit", "reward_points": "Reward points"}


def wanted_payments(
    order: Order,
    invoice_number: str,
    policy: Policy,
    capabilities: Capabilities,
    calendar: Calendar,
    recorded: Collection[str] = (),
) -> tuple[WantedPayment, ...]:
    """Tenders first, as they were used when the order was placed; then captures in the order of their time. `recorded`
    are the parts that the books hold already: an order that was paid, and then edited to less, is overpaid by nobody."""
    if policy.payments == "off":
        return ()
    captured = sorted(order.payments, key=lambda payment: (payment.paid_at, payment.id))
    wanted = (
        *_tenders(order, invoice_number, calendar),
        *_captures(captured, order, invoice_number, policy, capabilities, calendar),
    )
    if not {payment.part for payment in wanted} <= set(recorded):
        _require_no_overpayment(order)
    return wanted


def payment_type(method: str, name: str, policy: Policy, capabilities: Capabilities) -> str:
    """By the flow's own table, else by the words in the method's code and name, else Other."""
    if method in policy.payment_types:
        return policy.payment_types[method]
    words = f"{method} {name}".lower()
    guess = next((kind for word, kind in TYPE_WORDS if word in words), "")
    if guess in capabilities.payment_types:
        return guess
    if policy.unmapped_payment == "hold":
        raise Held(
            "unmapped_payment",
            f"The payment method {method or name!r} has no type in the books",
            field="payment_types",
            value=method,
            remedy="Add it to the flow's payment types, then retry.",
        )
    return "Other"


def _tenders(order: Order, invoice_number: str, calendar: Calendar) -> Iterator[WantedPayment]:
    for position, tender in enumerate(order.tenders, 1):
        key = f"{tender.kind}-{position}"
        date, note = calendar.open(order.date)
        yield WantedPayment(
            key=f"{invoice_number}/{key}",
            part=key,
            marker=f"[{invoice_number}/{key}]",
            amount=tender.amount,
            currency=order.currency,
            date=date,
            business_date=order.date,
            type="Other",
            method=tender.kind,
            method_name=_tender_name(tender),
            notes=note,
        )


def _captures(
    captured: list[Payment],
    order: Order,
    invoice_number: str,
    policy: Policy,
    capabilities: Capabilities,
    calendar: Calendar,
) -> Iterator[WantedPayment]:
    """A capture without a transaction of its own is marked by its own id: its position would change with the next."""
    transactions = [payment.transaction_id for payment in captured]
    for payment in captured:
        mark = payment.transaction_id if transactions.count(payment.transaction_id) == 1 else payment.id
        date, note = calendar.open(payment.date)
        yield WantedPayment(
            key=f"{invoice_number}/{payment.id}",
            part=payment.id,
            marker=f"[{invoice_number}/{mark or payment.id}]",
            amount=payment.amount,
            currency=order.currency,
            date=date,
            business_date=payment.date,
            type=payment_type(payment.method, payment.method_name, policy, capabilities),
            method=payment.method,
            method_name=payment.method_name or payment.method,
            transaction_id=payment.transaction_id,
            notes=note,
        )


def _tender_name(tender: Tender) -> str:
    return f"{TENDER_NAMES[tender.kind]} {tender.name}".strip()


def _require_no_overpayment(order: Order) -> None:
    paid: Decimal = order.captured + order.tendered
    if paid > order.total:
        raise Held(
            "overpaid",
            f"Order {order.number} was paid {paid} {order.currency}, more than its total of {order.total}",
            paid=str(paid),
            total=str(order.total),
            remedy="See in the store why; book the surplus by hand, and skip this order with a reason.",
        )
