"""What was given back: the site's refunds, or where it lists none, what each payment says was given back of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.clarity.captures import Capture
from connectors.clarity.reading import rounded
from connectors.clarity.record import Record
from connectors.clarity.refund_lines import gross, refund_lines, unexplained
from connectors.clarity.statuses import GENERIC_REFUNDS, meaning
from connectors.documents import Line, Raw, Refund


def refunds(
    raw: Raw, order: Record, listed: Sequence[Record], captured: Sequence[Capture], lines: Sequence[Line], currency: str
) -> tuple[Refund, ...]:
    """`listed` are those of the order; where the site lists no refunds at all, what its captures say went back."""
    if raw.get("refunds") is None:
        return tuple(_sums_given_back(order, captured, lines, currency))
    return tuple(_refund(one, order, lines, currency) for one in listed if status(one) != "failed")


def refund_records(raw: Raw, order: Record, payments: Sequence[Record]) -> list[Record]:
    """Those of this order, each once. `raw["refunds"]` is None where the site lists none."""
    found = (Record("refund", row, order.terms) for row in raw.get("refunds") or ())
    return list({one.id(): one for one in found if _belongs(one, order, payments)}.values())


def status(refund: Record) -> str:
    """Empty where nobody has explained its word."""
    return meaning(refund.text("status"), GENERIC_REFUNDS, refund.terms.table("refund_status_map"))


def _belongs(refund: Record, order: Record, payments: Sequence[Record]) -> bool:
    """By its order, else by its payment: a site that ignored the filter must not lend us another order's refund. One that
    names neither was found with the order."""
    told, payment = refund.id("orderId"), refund.id("paymentId")
    return told == order.id() if told else not payment or payment in {one.id() for one in payments}


def _refund(record: Record, order: Record, sold: Sequence[Line], currency: str) -> Refund:
    moment = record.when("refundedAt", "updatedAt")
    total = rounded(abs(record.total("amount")), currency)
    lines = refund_lines(record, total, sold, currency)
    id = record.required("id")
    return Refund(
        id=id,
        number=record.text("number") or id,
        order_id=order.id(),
        pending=status(record) != "completed",
        currency=currency,
        date=moment.astimezone(order.terms.zone).date(),
        refunded_at=moment,
        lines=lines,
        total=total,
        residual=unexplained(lines, total, currency),
        reason=record.text("reason"),
    )


def _sums_given_back(
    order: Record, captured: Sequence[Capture], lines: Sequence[Line], currency: str
) -> Iterator[Refund]:
    """One for each payment. It grows with each further refund, so it is `in_all`."""
    for one in captured:
        payment, total = one.record, one.back
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
