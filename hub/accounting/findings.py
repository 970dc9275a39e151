"""What is odd about an order without keeping it from the books: a person should look at it in the store."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from connectors.documents import ZERO, Order, Payment
from hub.accounting.amounts import plain, quantum, rounded
from hub.accounting.capping import happened
from hub.accounting.parts import is_tender
from hub.accounting.running_total import of_total
from hub.accounting.terms import Terms
from hub.accounting.wanted import Conversion, Finding


def findings(order: Order, terms: Terms, by: Conversion | None) -> tuple[Finding, ...]:
    """In the order's own currency. `by` is what the books hold of it was converted by."""
    return (
        *_refunded_too_much(order),
        *_refund_missing(order),
        *_payment_missing(order, terms, by),
        *_payment_claimed(order, terms, by),
        *_gift_card_taxed(order),
    )


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


def _payment_missing(order: Order, terms: Terms, by: Conversion | None) -> Iterator[Finding]:
    """A unit for each payment is the rounding of their sum, be it one of the order's currency or of the books'."""
    if order.paid is None or terms.policy.payments == "off":
        return
    known = _known(order, order.paid, terms, by)
    gap = order.paid.amount - known
    unit = max(quantum(order.currency), quantum(by.currency) / by.rate) if by else quantum(order.currency)
    if gap > unit * len({*terms.recorded, *(payment.id for payment in order.payments)}):
        listed = f"its payments come to {_money(known, order)}" if known else "it lists no payment"
        yield _finding(
            "payment_missing",
            f"The store says that {_money(order.paid.amount, order)} of order {order.number} were paid, but {listed}. "
            f"The {_money(gap, order)} between them are not recorded.",
            gap,
            order,
        )


def _payment_claimed(order: Order, terms: Terms, by: Conversion | None) -> Iterator[Finding]:
    for payment in (one for one in order.payments if one.claimed and one.id in terms.recorded):
        held = terms.recorded[payment.id]
        held = rounded(held / by.rate, order.currency) if by else held
        gap = payment.amount - held
        if gap > quantum(order.currency):
            yield _finding(
                "payment_missing",
                f"The store calls order {order.number} paid, and it is over {_money(payment.amount, order)} now; "
                f"{_money(held, order)} of that are recorded. A status proves no amount: the {_money(gap, order)} between "
                "them are not recorded.",
                gap,
                order,
            )


def _known(order: Order, total: Payment, terms: Terms, by: Conversion | None) -> Decimal:
    """What the books hold of its payments, or are to hold in a moment, by whatever names, in the order's own currency.
    Of what is listed only a part may be recorded, where the rest was recorded of the sum."""
    held = {part: amount for part, amount in terms.recorded.items() if not is_tender(part)}
    listed = {payment.id: payment.amount for payment in order.payments}
    untold = listed.pop(total.id, ZERO)
    if by:
        held = {part: listed.get(part, rounded(amount / by.rate, order.currency)) for part, amount in held.items()}
    grown: Decimal = sum((held.pop(part) for part in of_total(order, terms.recorded)), ZERO)
    return sum({**listed, **held}.values(), max(untold, grown))


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
