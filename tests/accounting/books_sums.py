"""What books make of lines with percents, by each rule that they may round by."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from connectors.documents import ZERO, BooksLine
from tests.accounting.orders import CENT

POINTS = ("line", "tax", "total")


def booked_total(lines: Iterable[BooksLine], point: str) -> Decimal:
    """Half up; a compound tax is charged on the line's first tax, too."""
    net, sums = ZERO, dict[str, Decimal]()
    for line in lines:
        net, first = net + line.amount, ZERO
        for tax in line.taxes:
            made = (line.amount + (first if tax.compound else ZERO)) * tax.percent / 100
            first = first or made
            sums[tax.name] = sums.get(tax.name, ZERO) + (_cents(made) if point == "line" else made)
    return _cents(net + sum((_cents(tax) if point == "tax" else tax for tax in sums.values()), ZERO))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
