"""Money that was really taken. What is only authorised is no payment, nor is what was voided or failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.clarity.reading import rounded
from connectors.clarity.record import Record
from connectors.clarity.statuses import GENERIC_PAYMENTS, GIVEN_BACK, PAYMENTS, TAKEN, meaning
from connectors.documents import ZERO, Doubt, Line, Payment, Raw
from connectors.errors import Rejected

ON_TOP = "on_top"
"""The surcharge comes on top of a payment's amount; elsewhere the amount holds it."""


@dataclass(frozen=True)
class Capture:
    """One payment's amounts, as they were taken."""

    record: Record
    amount: Decimal
    surcharge: Decimal
    fee: Decimal


def payment_records(raw: Raw, order: Record) -> list[Record]:
    """Those of this order, each once: a site may list a payment twice, and another order's if it ignores a filter. The
    reference of a capture is unique, so the same one over the same amount again is the same money."""
    found: dict[tuple[str, str], Record] = {}
    for row in raw.get("payments") or ():
        payment = Record("payment", row, order.terms)
        if payment.id("orderId") in ("", order.id()):
            found.setdefault((payment.id("transactionId") or payment.id(), str(payment.amount("amount"))), payment)
    return list({payment.id(): payment for payment in found.values()}.values())


def captures(payments: Sequence[Record], currency: str) -> list[Capture]:
    return [_capture(one, currency) for one in payments if _meaning(one) in TAKEN]


def payments(captured: Sequence[Capture], order: Record, currency: str) -> tuple[Payment, ...]:
    return tuple(_payment(one, order, currency) for one in captured if one.amount > 0)


def surcharges(captured: Sequence[Capture], total: Decimal) -> Iterator[Line]:
    """What the customer paid beyond the order's total, by its name. Where the payments come to the total exactly, it
    holds them already. A payment's fee counts only where it closes the sum: else it is the gateway's own, which the
    customer never sees."""
    on_top = any(one.record.terms.text("surcharge") == ON_TOP for one in captured)
    beyond = sum((one.amount for one in captured), ZERO) - total
    named = sum((one.surcharge for one in captured), ZERO)
    fees = sum((one.fee for one in captured), ZERO)
    if beyond or on_top:
        yield from (_extra(one.record, "surcharge", "Surcharge", one.surcharge) for one in captured if one.surcharge)
    if fees and beyond == named + fees:
        yield from (_extra(one.record, "fee", "Payment fee", one.fee) for one in captured if one.fee)


def given_back(payment: Record, currency: str) -> Decimal:
    """In all, as the payment itself says. A refunded one was given back whole, also where it does not say how much."""
    told = payment.stated("refundedAmount")
    if told is None and _meaning(payment) == "refunded":
        told = payment.amount("amount")
    return rounded(told or ZERO, currency)


def speaks_of_refunds(payment: Record) -> bool:
    return _meaning(payment) in GIVEN_BACK or bool(payment.amount("refundedAmount"))


def unclear(payments: Sequence[Record]) -> Doubt | None:
    """A status that nobody explained: whether money was taken is never guessed."""
    strange = next((one for one in payments if not _meaning(one)), None)
    if strange is None:
        return None
    status = strange.text("status")
    return Doubt(
        reason="unknown_payment_status",
        message=f"{strange.called} has the status “{status}”, which nobody has explained yet",
        field="payment_status_map",
        value=status,
        remedy=f"Add “{status}” to the connection's payment statuses, as one of {', '.join(PAYMENTS)}; then retry.",
    )


def _meaning(payment: Record) -> str:
    return meaning(payment.text("status"), GENERIC_PAYMENTS, payment.terms.table("payment_status_map"))


def _capture(payment: Record, currency: str) -> Capture:
    told = payment.text("currency").upper() or currency
    if told != currency:
        raise Rejected(
            f"{payment.called} is in {told}, but its order in {currency}",
            code="mixed_currencies",
            field="payment.currency",
            value=told,
        )
    amount, surcharge, fee = (
        rounded(one, currency)
        for one in (payment.total("amount"), payment.amount("surchargeAmount"), payment.amount("feeAmount"))
    )
    on_top = payment.terms.text("surcharge") == ON_TOP
    return Capture(payment, amount + surcharge if on_top else amount, surcharge, fee)


def _payment(one: Capture, order: Record, currency: str) -> Payment:
    record = one.record
    moment = record.instant("capturedAt") or record.instant("createdAt") or order.when("orderDate", "updatedAt")
    return Payment(
        id=record.required("id"),
        transaction_id=record.id("transactionId"),
        order_id=order.id(),
        method=record.text("method"),
        method_name=" ".join(dict.fromkeys(filter(None, (record.text("method"), record.text("gateway"))))),
        amount=one.amount,
        currency=currency,
        paid_at=moment,
        date=moment.astimezone(record.terms.zone).date(),
    )


def _extra(payment: Record, what: str, name: str, amount: Decimal) -> Line:
    return Line(id=f"{what}-{payment.id()}", kind="fee", name=name, unit_price=amount, net=amount)
