"""An order in another currency, by a fixed rate that a person typed in. Every sum still adds up to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.documents import ZERO, Line, Order, Payment, Refund
from hub.accounting.amounts import rounded
from hub.accounting.policy import FixedRate, Policy
from hub.errors import Held


def in_books_currency(order: Order, policy: Policy) -> tuple[Order, str]:
    """The order, and the sentence about its rate that goes onto the documents ("" if nothing was converted)."""
    if policy.currency != "convert" or order.currency == policy.convert_to:
        return order, ""
    rate = _rate(order.currency, policy)
    told = f"Converted from {order.total} {order.currency} at {rate.rate} ({rate.source}{_on(rate)})."
    return converted(order, policy.convert_to, rate.rate), told


def converted(order: Order, currency: str, rate: Decimal) -> Order:
    """Totals are converted; what rounding leaves open goes into the residual of the order and of each refund, and
    into the last payment of a fully paid order and the last refund of a fully refunded one."""
    to = _Rate(currency, rate)
    lines = tuple(map(to.line, order.lines))
    total = to.amount(order.total)
    tenders = tuple(t.model_copy(update={"amount": to.amount(t.amount)}) for t in order.tenders)
    tendered: Decimal = sum((t.amount for t in tenders), ZERO)
    paid_up = order.captured + order.tendered == order.total
    given_back = sum((refund.total for refund in order.refunds), ZERO) == order.total
    return order.model_copy(
        update={
            "currency": currency,
            "lines": lines,
            "total": total,
            "residual": total - sum((line.gross for line in lines), ZERO),
            "tax_total": to.amount(order.tax_total),
            "discount_total": to.amount(order.discount_total),
            "tenders": tenders,
            "payments": to.payments(order.payments, total - tendered if paid_up else None),
            "refunds": to.refunds(order.refunds, total if given_back else None),
            "refunded": None if order.refunded is None else to.amount(order.refunded),
        }
    )


class _Rate:
    def __init__(self, currency: str, rate: Decimal) -> None:
        self.currency = currency
        self.rate = rate

    def amount(self, value: Decimal) -> Decimal:
        return rounded(value * self.rate, self.currency)

    def line(self, line: Line) -> Line:
        taxes = tuple(tax.model_copy(update={"amount": self.amount(tax.amount)}) for tax in line.taxes)
        money = {name: self.amount(getattr(line, name)) for name in ("unit_price", "discount", "net")}
        return line.model_copy(update={**money, "taxes": taxes})

    def payments(self, payments: Sequence[Payment], due: Decimal | None) -> tuple[Payment, ...]:
        amounts = [self.amount(payment.amount) for payment in payments]
        if amounts and due is not None:
            amounts[-1] += due - sum(amounts)
        pairs = zip(payments, amounts, strict=True)
        return tuple(p.model_copy(update={"amount": amount, "currency": self.currency}) for p, amount in pairs)

    def refunds(self, refunds: Sequence[Refund], whole: Decimal | None) -> tuple[Refund, ...]:
        made = sorted(map(self.refund, refunds), key=lambda refund: (refund.refunded_at, refund.id))
        if made and whole is not None:
            *earlier, last = made
            rest = whole - sum((refund.total for refund in earlier), ZERO)
            made = [*earlier, last.model_copy(update={"total": rest})]
        return tuple(made)

    def refund(self, refund: Refund) -> Refund:
        lines = tuple(map(self.line, refund.lines))
        return refund.model_copy(update={"lines": lines, "total": self.amount(refund.total), "currency": self.currency})


def _rate(currency: str, policy: Policy) -> FixedRate:
    for rate in policy.rates:
        if rate.currency == currency:
            return rate
    raise Held(
        "no_rate",
        f"There is no rate from {currency} to {policy.convert_to}",
        field="rates",
        value=currency,
        remedy="Add the rate to the flow's fixed exchange rates, then retry.",
    )


def _on(rate: FixedRate) -> str:
    return f", {rate.date}" if rate.date else ""
