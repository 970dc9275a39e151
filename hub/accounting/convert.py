"""An order in another currency. Every sum still adds up, to the smallest unit of the currency it is booked in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from connectors.documents import ZERO, Line, Order, Payment, Refund, Tender
from hub.accounting.amounts import quantum, whole
from hub.accounting.capping import happened
from hub.accounting.parts import tender_part
from hub.accounting.shrinking import apportioned
from hub.accounting.wanted import Conversion

Amounts = Mapping[str, Decimal]
"""Part of the order → what the books hold for it already, in their currency."""


def told(order: Order, by: Conversion) -> str:
    """The sentence about the rate that goes onto the documents. `order` is as it came, not converted."""
    on = f", {by.date}" if by.date else ""
    return f"Converted from {order.total} {order.currency} at {by.rate.normalize():f} ({by.source}{on})."


def converted(order: Order, by: Conversion, paid: Amounts, credited: Amounts) -> Order:
    """Lines are converted one by one, so that an edit of one is an edit of one; what rounding leaves open goes into the
    residual. Payments and refunds are shares of one sum each: all of them together are that sum, converted."""
    to = _To(by)
    lines = tuple(map(to.line, order.lines))
    total = to.amount(order.total)
    tenders, payments = to.paid(order, paid)
    return order.model_copy(
        update={
            "currency": by.currency,
            "lines": lines,
            "total": total,
            "residual": total - sum((line.gross for line in lines), ZERO),
            "tax_total": to.amount(order.tax_total),
            "discount_total": to.amount(order.discount_total),
            "tenders": tenders,
            "payments": payments,
            "refunds": tuple(to.refunds(order, credited)),
            "refunded": None if order.refunded is None else to.amount(order.refunded),
            "paid": order.paid and to.sum_of(order.paid),
        }
    )


class _To:
    def __init__(self, by: Conversion) -> None:
        self.currency, self.rate = by.currency, by.rate

    def amount(self, value: Decimal) -> Decimal:
        return whole(value * self.rate, self.currency)

    def line(self, line: Line) -> Line:
        taxes = tuple(tax.model_copy(update={"amount": self.amount(tax.amount)}) for tax in line.taxes)
        money = {name: self.amount(getattr(line, name)) for name in ("unit_price", "discount", "net")}
        return line.model_copy(update={**money, "taxes": taxes})

    def paid(self, order: Order, booked: Amounts) -> tuple[tuple[Tender, ...], tuple[Payment, ...]]:
        """In the order in which they are posted: tenders, then captures by their time. A sum that goes on growing is
        converted as a whole, whatever of it is booked."""
        growing = _Sum(self)
        captures = sorted(order.payments, key=lambda payment: (payment.paid_at, payment.id))
        given = {tender_part(tender, place): tender.amount for place, tender in enumerate(order.tenders, 1)}
        booked = {part: amount for part, amount in booked.items() if order.paid is None or part != order.paid.id}
        made = growing.shares({**given, **{payment.id: payment.amount for payment in captures}}, booked)
        tenders = tuple(
            tender.model_copy(update={"amount": made[tender_part(tender, place)]})
            for place, tender in enumerate(order.tenders, 1)
        )
        return tenders, tuple(
            one.model_copy(update={"amount": made[one.id], "currency": self.currency}) for one in captures
        )

    def sum_of(self, paid: Payment) -> Payment:
        return paid.model_copy(update={"amount": self.amount(paid.amount), "currency": self.currency})

    def refunds(self, order: Order, credited: Amounts) -> Iterator[Refund]:
        """What has not happened yet is no part of the sum, and what became smaller since is not what the books hold."""
        done = happened(order)
        stands = {one.id: credited[one.id] for one in done if one.id in credited and self._bears(one, credited[one.id])}
        made = _Sum(self).shares({refund.id: refund.total for refund in done}, stands)
        for refund in (*done, *(one for one in order.refunds if one not in done)):
            yield self._refund(refund, made.get(refund.id, self.amount(refund.total)))

    def _bears(self, refund: Refund, held: Decimal) -> bool:
        """But for the unit by which rounding put it ahead."""
        return held <= self.amount(refund.total) + quantum(self.currency)

    def _refund(self, refund: Refund, total: Decimal) -> Refund:
        """Its amounts are shares of its total."""
        left_open = refund.total - refund.lines_total
        amounts = [amount for line in refund.lines for amount in (line.net, *(tax.amount for tax in line.taxes))]
        shares = iter(apportioned(total, [*amounts, left_open], self.currency)) if refund.total else None
        lines = [self.line(line) if shares is None else _sharing(self.line(line), shares) for line in refund.lines]
        tenders = tuple(one.model_copy(update={"amount": self.amount(one.amount)}) for one in refund.tenders)
        kept = {"lines": tuple(lines), "total": total, "tenders": tenders, "currency": self.currency}
        return refund.model_copy(update={**kept, "residual": self.amount(refund.residual)})


class _Sum:
    """A sum that grows: each amount is converted to what the converted sum grows by. So nothing is lost by rounding
    each alone, and what the books hold already stands as they hold it, also where that is a unit ahead."""

    def __init__(self, to: _To) -> None:
        self.to, self.given, self.made = to, ZERO, ZERO

    def shares(self, amounts: Amounts, booked: Amounts) -> dict[str, Decimal]:
        known = {part: whole(booked[part], self.to.currency) for part in amounts if part in booked}
        self.given = sum((amounts[part] for part in known), ZERO)
        self.made = sum(known.values(), ZERO)
        return {part: known[part] if part in known else self._grown(amount) for part, amount in amounts.items()}

    def _grown(self, amount: Decimal) -> Decimal:
        self.given += amount
        share = max(self.to.amount(self.given) - self.made, ZERO)
        self.made += share
        return share


def _sharing(line: Line, shares: Iterator[Decimal]) -> Line:
    net = next(shares)
    taxes = tuple(tax.model_copy(update={"amount": next(shares)}) for tax in line.taxes)
    return line.model_copy(update={"net": net, "taxes": taxes})
