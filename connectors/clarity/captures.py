"""Money that was really taken. What is only authorised is no payment, nor is what was voided or failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.clarity.reading import rounded
from connectors.clarity.record import Record
from connectors.clarity.statuses import GENERIC_PAYMENTS, TAKEN, meaning
from connectors.documents import ZERO, Line, Payment, Raw
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
    back: Decimal
    """What of it was given back since, in all."""
    partly: bool
    """Some of it was, by its status."""


def payment_records(raw: Raw, order: Record) -> list[Record]:
    """Those of this order, each once: a site may list a payment twice, and another order's if it ignores a filter."""
    found = (Record("payment", row, order.terms) for row in raw.get("payments") or ())
    return list({one.id(): one for one in found if one.id("orderId") in ("", order.id())}.values())


def captures(payments: Sequence[Record], currency: str) -> list[Capture]:
    """The reference of a capture is unique, so the same one over the same amount again is the same money: that of the
    first id, wherever it stands in the list, for a payment must not change its id. What went back of it, only one of
    them may tell."""
    same: dict[tuple[str, Decimal], list[Record]] = {}
    for one in payments:
        if status(one) in TAKEN:
            same.setdefault((one.id("transactionId") or one.id(), one.amount("amount")), []).append(one)
    return [_capture(min(rows, key=_age), rows, currency) for rows in same.values()]


def payments(captured: Sequence[Capture], order: Record, currency: str) -> tuple[Payment, ...]:
    return tuple(_payment(one, order, currency) for one in captured if one.amount > 0)


def surcharges(captured: Sequence[Capture], order: Record, total: Decimal) -> Iterator[Line]:
    """What the customer paid beyond the order's total, by its name. Where the payments come to the total exactly, it
    holds them already; so it does while only a part is paid, if the order has a fee that covers them. A payment's fee
    counts only where it closes the sum: else it is the gateway's own, which the customer never sees."""
    on_top = any(one.record.terms.text("surcharge") == ON_TOP for one in captured)
    beyond = sum((one.amount for one in captured), ZERO) - total
    named = sum((one.surcharge for one in captured), ZERO)
    fees = sum((one.fee for one in captured), ZERO)
    if on_top or beyond > 0 or (beyond < 0 and named > order.amount("feeTotal")):
        yield from (_extra(one.record, "surcharge", "Surcharge", one.surcharge) for one in captured if one.surcharge)
    if fees and beyond == named + fees:
        yield from (_extra(one.record, "fee", "Payment fee", one.fee) for one in captured if one.fee)


def status(payment: Record) -> str:
    """Empty where nobody has explained its word."""
    return meaning(payment.text("status"), GENERIC_PAYMENTS, payment.terms.table("payment_status_map"))


def _age(payment: Record) -> tuple[int, str]:
    """Ids are counted up, or as good as any."""
    return len(payment.id()), payment.id()


def _capture(payment: Record, rows: Sequence[Record], currency: str) -> Capture:
    """`rows` are all that tell of it."""
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
    whole = amount + surcharge if on_top else amount
    back = max(_given_back(one, whole, currency) for one in rows)
    partly = any(status(one) == "partially_refunded" for one in rows)
    return Capture(payment, whole, surcharge, fee, back, partly)


def _given_back(payment: Record, whole: Decimal, currency: str) -> Decimal:
    """In all, as the payment itself says. A refunded one was given back whole, also where it does not say how much."""
    told = payment.stated("refundedAmount")
    if told is None:
        return whole if status(payment) == "refunded" else ZERO
    return rounded(told, currency)


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
