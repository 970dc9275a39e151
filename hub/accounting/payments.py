"""The payments an order wants: each captured amount, and each tender. Never more than the invoice's total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from connectors.documents import ZERO, Order, Payment, Tender
from hub.accounting.amounts import quantum
from hub.accounting.parts import tender_part
from hub.accounting.running_total import booked_payments
from hub.accounting.terms import Terms
from hub.accounting.wanted import WantedPayment
from hub.errors import Held

TYPE_WORDS = tuple(
    (re.compile(pattern), kind)
    # What the method's code and name say, in lower case and as words → the books' type; the first that fits. A
    # checkout is no check, and what a company buys on credit is no card.
    for pattern, kind in (
        (r"\b2checkout\b", "2Checkout"),
        (r"paypal", "PayPal"),
        (r"\b(amex|american express)\b", "AMEX"),
        (r"\bjcb\b", "JCB"),
        (r"\bach\b", "ACH"),
        (r"\b(sepa|direct debit|directdebit)\b", "Bank Transfer"),
        (r"\bdebit\b", "Debit"),
        (r"\b(credit)?cards?\b|\bcc(save)?\b|stripe|braintree", "Credit Card"),
        (r"\b(check|cheque)s?\b|\bcheckmo\b", "Check"),
        (r"\b(bank|wire|(bank|wire)?transfers?)\b", "Bank Transfer"),
        (r"\b(cash|cashondelivery)\b", "Cash"),
    )
)
NO_WORD = re.compile(r"[^a-z0-9]+")
TENDER_NAMES = {"gift_card": "Gift card", "store_credit": "Store credit", "reward_points": "Reward points"}


def wanted_payments(order: Order, invoice_number: str, terms: Terms) -> tuple[WantedPayment, ...]:
    """Tenders first, as they were used when the order was placed; then captures in the order of their time. An order
    whose payments are recorded, and that was then edited to less, is overpaid by nobody."""
    if terms.policy.payments == "off":
        return ()
    every = (*_tenders(order, invoice_number, terms), *_captures(order, invoice_number, terms))
    wanted = tuple(payment for payment in every if payment.amount > 0)  # a conversion may leave nothing of it
    if not {payment.part for payment in wanted} <= set(terms.recorded):
        _require_no_overpayment(order)
    return wanted


def _type(method: str, name: str, terms: Terms) -> str:
    """By the flow's own table, else by the words in the method's code and name, else Other."""
    if method in terms.policy.payment_types:
        return terms.policy.payment_types[method]
    words = NO_WORD.sub(" ", f"{method} {name}".lower())
    guess = next((kind for pattern, kind in TYPE_WORDS if pattern.search(words)), "")
    if guess in terms.capabilities.payment_types:
        return guess
    if terms.policy.unmapped_payment == "hold":
        raise Held(
            "unmapped_payment",
            f"The payment method {method or name!r} has no type in the books",
            field="payment_types",
            value=method,
            remedy="Add it to the flow's payment types, then retry.",
        )
    return "Other"


def _tenders(order: Order, invoice_number: str, terms: Terms) -> Iterator[WantedPayment]:
    """They clear against what the table of payment types says for their kind, such as `gift_card = Credit`."""
    for position, tender in enumerate(order.tenders, 1):
        key = tender_part(tender, position)
        date, note = terms.calendar.open(order.date)
        yield WantedPayment(
            key=f"{invoice_number}/{key}",
            part=key,
            marker=f"[{invoice_number}/{key}]",
            amount=tender.amount,
            currency=order.currency,
            date=date,
            business_date=order.date,
            type=terms.policy.payment_types.get(tender.kind, "Other"),
            method=tender.kind,
            method_name=_tender_name(tender),
            notes=note,
        )


def _captures(order: Order, invoice_number: str, terms: Terms) -> Iterator[WantedPayment]:
    """Marked by its transaction; one without, or with that of an earlier capture, by its own id. So the next capture
    changes nobody's mark."""
    captured = sorted(captures(order, terms), key=lambda payment: (payment.paid_at, payment.id))
    transactions = [payment.transaction_id for payment in captured]
    for position, payment in enumerate(captured):
        mark = "" if payment.transaction_id in transactions[:position] else payment.transaction_id
        date, note = terms.calendar.open(payment.date)
        yield WantedPayment(
            key=f"{invoice_number}/{payment.id}",
            part=payment.id,
            marker=f"[{invoice_number}/{mark or payment.id}]",
            amount=payment.amount,
            currency=order.currency,
            date=date,
            business_date=payment.date,
            type=_type(payment.method, payment.method_name, terms),
            method=payment.method,
            method_name=payment.method_name or payment.method,
            transaction_id=payment.transaction_id,
            notes=note,
        )


def captures(order: Order, terms: Terms) -> list[Payment]:
    """As the books are to hold them. Where amounts were converted, their sums may be off by a unit each."""
    converted = terms.booked is not None and terms.booked.conversion is not None
    slack = quantum(order.currency) * len(terms.recorded) if converted else ZERO
    return booked_payments(order, terms.recorded, terms.kept, slack)


def _tender_name(tender: Tender) -> str:
    """Once, where the store has no name of its own for it."""
    kind = TENDER_NAMES[tender.kind]
    return " ".join(dict.fromkeys(filter(None, (kind, tender.name))))


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
