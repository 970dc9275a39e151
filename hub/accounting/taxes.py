"""A line's taxes as the books take them: a name and a percent, of which they compute the amount themselves.

The source's amounts are the truth. A percent is the source's own rate where that reproduces the amount to the cent,
else the effective rate to as many decimals as the books keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from connectors.base import Capabilities
from connectors.documents import ZERO, Line, LineTax, Tax
from hub.accounting.amounts import rounded

HUNDRED = Decimal(100)
UNNAMED = "Tax"


def on_the_line(line: Line) -> tuple[list[Tax], list[Tax]]:
    """Those that a percent of the line's net can stand for, and those that none can: tax on nothing, or the other way
    than the price; and tax on a sold gift card, which is no sale and bears none. Zero amounts are no tax."""
    charged = [tax for tax in line.taxes if tax.amount]
    if line.kind == "gift_card":
        return [], charged
    fit = [tax for tax in charged if tax.amount * line.net > 0]
    return fit, [tax for tax in charged if tax not in fit]


def books_taxes(net: Decimal, taxes: Iterable[Tax], currency: str, capabilities: Capabilities) -> tuple[LineTax, ...]:
    """Each name once, and at most as many as the books have slots for: more are merged into one. `net` must not be 0."""
    charged = [_merged(group, name) for name, group in _by_name(taxes).items()]
    if len(charged) > capabilities.taxes_per_line:
        charged = [_merged(charged, " + ".join(tax.name for tax in charged))]
    return tuple(
        LineTax(
            name=tax.name,
            percent=percent(net, tax, currency, capabilities.tax_decimals),
            amount=tax.amount,
        )
        for tax in charged
        if tax.amount
    )


def percent(net: Decimal, tax: Tax, currency: str, decimals: int) -> Decimal:
    """`net` must not be 0."""
    step = Decimal(1).scaleb(-decimals)
    if tax.rate is not None and tax.rate == tax.rate.quantize(step) and reproduces(net, tax.rate, tax.amount, currency):
        return tax.rate.quantize(step).normalize() + 0
    return (tax.amount / net * HUNDRED).quantize(step, ROUND_HALF_UP)


def reproduces(net: Decimal, rate: Decimal, amount: Decimal, currency: str) -> bool:
    return rounded(net * rate / HUNDRED, currency) == amount


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
