"""What is left of invoices after the credit notes that corrected them, line by line, with what is left of each tax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from connectors.documents import ZERO, LineTax
from hub.accounting.deltas import Lines, by_source, line_tax, negated
from hub.accounting.wanted import WantedLine


def left(invoiced: Lines, credited: Lines, currency: str, tax_decimals: int) -> Lines:
    """Adds up to the one less the other, to the cent."""
    whole, less = by_source(invoiced, credited)
    groups = ([*whole.get(key, []), *map(negated, less.get(key, []))] for key in dict.fromkeys([*whole, *less]))
    return tuple(line for group in groups for line in _summed(group, currency, tax_decimals))


def _summed(group: Sequence[WantedLine], currency: str, tax_decimals: int) -> Iterator[WantedLine]:
    """One line for all; as it was where there is but one."""
    if len(group) == 1:
        yield group[0]
        return
    net = sum((line.amount for line in group), ZERO)
    sums: dict[str, Decimal] = {}
    for tax in (tax for line in group for tax in line.taxes):
        sums[tax.name] = sums.get(tax.name, ZERO) + tax.amount
    taxes = [(_named(name, group), amount) for name, amount in sums.items() if amount]
    if net:
        more = tuple(line_tax(net, tax, amount, currency, tax_decimals) for tax, amount in taxes)
        yield _bare(group[0], group[0].name, net, more)
        return
    for tax, amount in taxes:
        yield _bare(group[0], f"{tax.name} on {group[0].name}", amount)


def _named(name: str, group: Sequence[WantedLine]) -> LineTax:
    return next(tax for line in group for tax in line.taxes if tax.name == name)


def _bare(line: WantedLine, name: str, amount: Decimal, taxes: tuple[LineTax, ...] = ()) -> WantedLine:
    return line.model_copy(update={"name": name, "quantity": Decimal(1), "unit_price": amount, "taxes": taxes})
