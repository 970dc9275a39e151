"""What is odd about an order without keeping it from the books: a person should look at it in the store."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from connectors.documents import ZERO, Order
from hub.accounting.amounts import plain, quantum
from hub.accounting.capping import happened
from hub.accounting.wanted import Finding


def findings(order: Order) -> tuple[Finding, ...]:
    """In the order's own currency."""
    return (*_refunded_too_much(order), *_refund_missing(order), *_gift_card_taxed(order))


def _refunded_too_much(order: Order) -> Iterator[Finding]:
    refunded: Decimal = sum((refund.total for refund in happened(order)), ZERO)
    surplus = refunded - order.total
    if surplus > 0:
        yield _finding(
            "refund_too_large",
            f"The store refunded {_money(refunded, order)} of order {order.number}, which was over "
            f"{_money(order.total, order)}. The {_money(surplus, order)} above that are in no credit note.",
            surplus,
            order,
        )


def _refund_missing(order: Order) -> Iterator[Finding]:
    """Refunds that were only announced count too: stores differ in when they add them up. A unit for each refund is
    the rounding of their sum."""
    if order.refunded is None:
        return
    listed: Decimal = sum((refund.total for refund in order.refunds), ZERO)
    gap = order.refunded - listed
    if gap > quantum(order.currency) * len(order.refunds):
        known = f"its refunds come to {_money(listed, order)}" if order.refunds else "it lists no refund"
        yield _finding(
            "refund_missing",
            f"The store says that {_money(order.refunded, order)} of order {order.number} were refunded, but {known}. "
            f"There is no credit note for the {_money(gap, order)} between them.",
            gap,
            order,
        )


def _gift_card_taxed(order: Order) -> Iterator[Finding]:
    taxed: Decimal = sum((line.tax for line in order.lines if line.kind == "gift_card"), ZERO)
    if taxed:
        yield _finding(
            "gift_card_taxed",
            f"The store charged {_money(taxed, order)} of tax on a gift card in order {order.number}. A gift card is "
            "usually taxed when it is spent, not when it is sold; the tax is a line of its own.",
            taxed,
            order,
        )


def _finding(reason: str, message: str, amount: Decimal, order: Order) -> Finding:
    return Finding(reason=reason, message=message, amount=amount, currency=order.currency)


def _money(amount: Decimal, order: Order) -> str:
    return f"{plain(amount)} {order.currency}"
