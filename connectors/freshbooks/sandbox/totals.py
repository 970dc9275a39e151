"""What an invoice or credit note adds up to: a percentage off, then up to two taxes per line on what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from connectors.freshbooks.sandbox.money import ZERO

Round = Callable[[Decimal], Decimal]


@dataclass(frozen=True)
class Taxed:
    """One line as the sum needs it. Percentages are percent."""

    net: Decimal
    taxes: tuple[tuple[str, Decimal], ...] = ()
    compounded: bool = False

    def taxes_on(self, base: Decimal) -> Iterator[tuple[str, Decimal]]:
        """A compounded second tax is also taken of the first."""
        for name, percent in self.taxes:
            tax = base * percent / 100
            yield name, tax
            base += tax if self.compounded else ZERO


@dataclass(frozen=True)
class Totals:
    amount: Decimal
    discount: Decimal
    """Positive."""


def totals(lines: Iterable[Taxed], discount_percent: Decimal, cents: Round, point: str) -> Totals:
    """`point` says where cents are made: of each line and its taxes, of each tax's sum, or only of the total."""
    per_line = cents if point == "line" else _exact
    per_sum = _exact if point == "total" else cents
    net, discount = ZERO, ZERO
    taxes: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        line_net = per_line(line.net)
        line_discount = per_line(line_net * discount_percent / 100)
        net += line_net
        discount += line_discount
        for name, tax in line.taxes_on(line_net - line_discount):
            taxes[name] += per_line(tax)
    tax_total = sum((per_sum(tax) for tax in taxes.values()), ZERO)
    return Totals(cents(per_sum(net) - per_sum(discount) + tax_total), cents(discount))


def _exact(amount: Decimal) -> Decimal:
    return amount
