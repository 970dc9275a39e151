"""A line's taxes as the books take them: a name and a percent, of which they compute the amount themselves.

The source's amounts are the truth. A percent is the source's own rate where that makes the amounts: on all lines of the
document together, for a store may carry cents from line to line, or on the line. Else it is the effective rate, to as
many decimals as the books keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from connectors.base import Capabilities
from connectors.documents import ZERO, Line, LineTax, Tax
from hub.accounting.amounts import rounded

HUNDRED = Decimal(100)
UNNAMED = "Tax"
Rate = tuple[str, Decimal]
"""A tax by its name and the rate that the source claims."""


def on_the_line(line: Line) -> tuple[list[Tax], list[Tax]]:
    """Those that a percent of the line's net can stand for, and those that none can: tax on nothing, or the other way
    than the price; and tax on a sold gift card, which is no sale and bears none. Zero amounts are no tax."""
    charged = [tax for tax in line.taxes if tax.amount]
    if line.kind == "gift_card":
        return [], charged
    fit = [tax for tax in charged if tax.amount * line.net > 0]
    return fit, [tax for tax in charged if tax not in fit]


def books_taxes(
    net: Decimal,
    taxes: Iterable[Tax],
    currency: str,
    capabilities: Capabilities,
    own: Mapping[Rate, bool] | None = None,
) -> tuple[LineTax, ...]:
    """Each name once, and at most as many as the books have slots for: more are merged into one. `net` must not be 0.
    A compound tax comes after the one that it is charged on."""
    made = [_line_tax(net, tax, currency, capabilities, own or {}) for tax in slotted(taxes, capabilities)]
    return tuple(sorted(made, key=lambda tax: tax.compound))


def slotted(taxes: Iterable[Tax], capabilities: Capabilities) -> list[Tax]:
    charged = [_merged(group, name) for name, group in _by_name(taxes).items()]
    if len(charged) > capabilities.taxes_per_line:
        charged = [_merged(charged, " + ".join(tax.name for tax in charged))]
    return [tax for tax in charged if tax.amount]


def percent(net: Decimal, tax: Tax, currency: str, decimals: int) -> Decimal:
    """`net` must not be 0."""
    if tax.rate is not None and sayable(tax.rate, decimals) and reproduces(net, tax.rate, tax.amount, currency):
        return _plain(tax.rate, decimals)
    return effective(net, tax.amount, decimals)


def effective(net: Decimal, amount: Decimal, decimals: int) -> Decimal:
    return (amount / net * HUNDRED).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def sayable(rate: Decimal, decimals: int) -> bool:
    return rate == rate.quantize(Decimal(1).scaleb(-decimals))


def reproduces(net: Decimal, rate: Decimal, amount: Decimal, currency: str) -> bool:
    return rounded(net * rate / HUNDRED, currency) == amount


def _line_tax(net: Decimal, tax: Tax, currency: str, capabilities: Capabilities, own: Mapping[Rate, bool]) -> LineTax:
    decimals = capabilities.tax_decimals
    if tax.rate is not None and (tax.name, tax.rate) in own:
        compound = own[tax.name, tax.rate]
        return LineTax(name=tax.name, percent=_plain(tax.rate, decimals), amount=tax.amount, compound=compound)
    return LineTax(name=tax.name, percent=percent(net, tax, currency, decimals), amount=tax.amount)


def _plain(rate: Decimal, decimals: int) -> Decimal:
    return rate.quantize(Decimal(1).scaleb(-decimals)).normalize() + 0


def _by_name(taxes: Iterable[Tax]) -> dict[str, list[Tax]]:
    found: dict[str, list[Tax]] = {}
    for tax in taxes:
        found.setdefault(tax.name or UNNAMED, []).append(tax)
    return found


def _merged(taxes: Sequence[Tax], name: str) -> Tax:
    known = [tax.rate for tax in taxes if tax.rate is not None]
    return Tax(
        name=name,
        rate=sum(known, ZERO) if len(known) == len(taxes) else None,
        amount=sum((tax.amount for tax in taxes), ZERO),
    )
