"""A refund brought down to a smaller total: its lines and their taxes in proportion, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from connectors.documents import ZERO, Line, Refund
from hub.accounting.amounts import share_unit


def shrunk(refund: Refund, total: Decimal) -> Refund:
    """The same refund over `total`, which must not be more than it was over. Its lines lack what they lacked."""
    amounts = [amount for line in refund.lines for amount in (line.net, *(tax.amount for tax in line.taxes))]
    open_amount = refund.total - refund.lines_total
    shares = iter(apportioned(total, [*amounts, open_amount], refund.currency))
    lines = [_smaller(line, shares) for line in refund.lines]
    return refund.model_copy(update={"total": total, "lines": tuple(line for line in lines if line.net or line.tax)})


def apportioned(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`total` split as the weights say, each share rounded down; what that leaves goes, unit by unit, to those that
    lost most by it. No share is on the other side of zero than its weight."""
    unit, whole = share_unit(total, currency), sum(weights, ZERO)
    exact = [Fraction(total) * Fraction(weight) / Fraction(whole) / Fraction(unit) for weight in weights]
    units = [floor(share) for share in exact]
    lost = sorted(range(len(exact)), key=lambda index: units[index] - exact[index])
    for index in lost[: int(total / unit) - sum(units)]:
        units[index] += 1
    return [number * unit for number in units]


def _smaller(line: Line, shares: Iterator[Decimal]) -> Line:
    """Takes as many shares as the line has amounts. What was taken off its price is part of `net`, and is not said
    again: it was taken off the whole."""
    net = next(shares)
    taxes = tuple(tax.model_copy(update={"amount": next(shares)}) for tax in line.taxes)
    return line.model_copy(update={"net": net, "taxes": taxes, "discount": ZERO})
