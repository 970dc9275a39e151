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


def own_rates(lines: Iterable[Line], currency: str, capabilities: Capabilities) -> dict[Rate, bool]:
    """The rates that make what their tax comes to on all lines, at least as well as a percent for each line would. True:
    as a compound tax, which is charged on the line's other tax, too."""
    found: dict[Rate, bool] = {}
    for rate, charges in _by_rate(lines, capabilities).items():
        for compound in (False, True)[: 1 + capabilities.compound_taxes]:
            bases = [one.net + one.other * compound for one in charges]
            if rate not in found and _explains(rate[1], bases, charges, currency, capabilities.tax_decimals):
                found[rate] = compound
    return found


class _Charge(NamedTuple):
    """One tax on one line, and what the line's other taxes come to."""

    net: Decimal
    other: Decimal
    tax: Tax


def _by_rate(lines: Iterable[Line], capabilities: Capabilities) -> dict[Rate, list[_Charge]]:
    found: dict[Rate, list[_Charge]] = {}
    for line in lines:
        taxes = slotted(on_the_line(line)[0], capabilities)
        for tax in taxes:
            if tax.rate is not None and sayable(tax.rate, capabilities.tax_decimals):
                other = sum((one.amount for one in taxes if one is not tax), ZERO)
                found.setdefault((tax.name, tax.rate), []).append(_Charge(line.net, other, tax))
    return found


def _explains(
    rate: Decimal, bases: Sequence[Decimal], charges: Sequence[_Charge], currency: str, decimals: int
) -> bool:
    """No line may be off by more than the unit that is carried."""
    made = [base * rate / HUNDRED for base in bases]
    if any(abs(exact - one.tax.amount) > quantum(currency) for exact, one in zip(made, charges, strict=True)):
        return False
    whole = sum((one.tax.amount for one in charges), ZERO)
    each = sum((one.net * percent(one.net, one.tax, currency, decimals) / HUNDRED for one in charges), ZERO)
    return abs(rounded(sum(made, ZERO), currency) - whole) <= abs(rounded(each, currency) - whole)
