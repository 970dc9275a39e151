"""Where a source's own rate makes its tax: on all lines of a document together, for a store may carry the cents that it
rounds away from line to line, so that no line says it alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from connectors.base import Capabilities
from connectors.documents import ZERO, Line, Tax
from hub.accounting.amounts import quantum, rounded
from hub.accounting.taxes import HUNDRED, Rate, on_the_line, percent, sayable, slotted

NEAR = 2
"""Units by which a line's tax may be off its rate: one that was carried to it, and its own rounding."""


def own_rates(lines: Iterable[Line], currency: str, capabilities: Capabilities) -> dict[Rate, bool]:
    """The rates that make what their tax comes to on all lines, at least as well as a percent for each line would. True:
    as a compound tax, which is charged on the line's other tax, too."""
    ways = (False, True) if capabilities.compound_taxes else (False,)
    found: dict[Rate, bool] = {}
    for rate, charges in _by_rate(lines, currency, capabilities).items():
        for compound in ways:
            if rate not in found and _explains(rate[1], charges, compound, currency):
                found[rate] = compound
    return found


class _Charge(NamedTuple):
    """One tax on one line: what the books would make of it by a percent for that line alone, and of the line's others."""

    net: Decimal
    others: Decimal
    tax: Tax
    alone: Decimal


def _by_rate(lines: Iterable[Line], currency: str, capabilities: Capabilities) -> dict[Rate, list[_Charge]]:
    found: dict[Rate, list[_Charge]] = {}
    for line in lines:
        taxes = slotted(on_the_line(line)[0], capabilities)
        made = [line.net * percent(line.net, tax, currency, capabilities.tax_decimals) / HUNDRED for tax in taxes]
        for tax, alone in zip(taxes, made, strict=True):
            if tax.rate is not None and sayable(tax.rate, capabilities.tax_decimals):
                charge = _Charge(line.net, sum(made, ZERO) - alone, tax, alone)
                found.setdefault((tax.name, tax.rate), []).append(charge)
    return found


def _explains(rate: Decimal, charges: Sequence[_Charge], compound: bool, currency: str) -> bool:
    """A tax on tax that is no more than the roundings is none: cents alone do not tell it."""
    most = NEAR * quantum(currency)
    on_tax = [one.others * rate / HUNDRED if compound else ZERO for one in charges]
    made = [one.net * rate / HUNDRED + more for one, more in zip(charges, on_tax, strict=True)]
    if compound and max(map(abs, on_tax)) <= most:
        return False
    if any(abs(exact - one.tax.amount) > most for exact, one in zip(made, charges, strict=True)):
        return False
    whole = sum((one.tax.amount for one in charges), ZERO)
    each = sum((one.alone for one in charges), ZERO)
    return abs(rounded(sum(made, ZERO), currency) - whole) <= abs(rounded(each, currency) - whole)
