"""What was given back: the site's refunds, or where it lists none, what each payment says was given back of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.clarity.captures import given_back
from connectors.clarity.reading import rounded
from connectors.clarity.record import Record
from connectors.clarity.refund_lines import gross, refund_lines, unexplained
from connectors.clarity.statuses import REFUNDS, meaning
from connectors.documents import Line, Raw, Refund


def refunds(
    raw: Raw, order: Record, payments: Sequence[Record], lines: Sequence[Line], currency: str
) -> tuple[Refund, ...]:
    """`raw["refunds"]` is None where the site lists no refunds at all."""
    if raw.get("refunds") is None:
        return tuple(_sums_given_back(order, payments, lines, currency))
    records = [Record("refund", row, order.terms) for row in raw["refunds"]]
    mine = {one.id(): one for one in records if _belongs(one, order, payments)}
    return tuple(_refund(one, order, lines, currency) for one in mine.values() if _state(one) != "undone")


def _belongs(refund: Record, order: Record, payments: Sequence[Record]) -> bool:
    """By its order, else by its payment: a site that ignored the filter must not lend us another order's refund."""
    told = refund.id("orderId")
    return told == order.id() if told else refund.id("paymentId") in {one.id() for one in payments}


def _state(refund: Record) -> str:
    """A word that nobody explained counts as announced: then no money is booked, and the payment's own sum shows."""
    return meaning(refund.text("status"), REFUNDS, {}) or "pending"


def _refund(record: Record, order: Record, sold: Sequence[Line], currency: str) -> Refund:
    moment = record.when("refundedAt", "updatedAt")
    total = rounded(abs(record.total("amount")), currency)
    lines = refund_lines(record, total, sold, currency)
    id = record.required("id")
    return Refund(
        id=id,
        number=record.text("number") or id,
        order_id=order.id(),
        pending=_state(record) == "pending",
        currency=currency,
        date=moment.astimezone(order.terms.zone).date(),
        refunded_at=moment,
        lines=lines,
        total=total,
        residual=unexplained(lines, total, currency),
        reason=record.text("reason"),
    )


def _sums_given_back(
    order: Record, payments: Sequence[Record], lines: Sequence[Line], currency: str
) -> Iterator[Refund]:
    """One for each payment. It grows with each further refund, so it is `in_all`."""
    for payment in payments:
        total = given_back(payment, currency)
        if not total:
            continue
        moment = payment.instant("refundedAt") or payment.instant("updatedAt") or order.when("updatedAt", "orderDate")
        id = payment.required("id")
        yield Refund(
            id=f"refund-{id}",
            number=f"{order.text('orderNumber')}-{payment.id('transactionId') or id}",
            order_id=order.id(),
            currency=currency,
            date=moment.astimezone(order.terms.zone).date(),
            refunded_at=moment,
            lines=tuple(lines) if total == gross(lines) else (),
            total=total,
            in_all=True,
        )
