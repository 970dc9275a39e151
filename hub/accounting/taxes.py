"""A line's taxes as the books take them: a name and a percent, of which they compute the amount themselves.

The source's amounts are the truth. A percent is the source's own rate where that reproduces the amount to the cent,
else the effective rate to as many decimals as the books keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from connectors.base import Capabilities
from connectors.documents import Line, LineTax, Tax
from hub.accounting.amounts import rounded
from hub.accounting.policy import Policy
from hub.errors import Held

HUNDRED = Decimal(100)
TaxTable = Mapping[str, str]
"""The source's tax name → the books' tax name."""


def books_taxes(line: Line, currency: str, capabilities: Capabilities, table: TaxTable) -> tuple[LineTax, ...]:
    """At most as many taxes as the books have slots for; more are merged into one. Zero amounts are no tax."""
    charged = [tax for tax in line.taxes if tax.amount]
    if len(charged) > capabilities.taxes_per_line:
        charged = [_merged(charged)]
    return tuple(
        LineTax(
            name=table.get(tax.name, tax.name) or "Tax",
            percent=percent(line.net, tax, currency, capabilities.tax_decimals),
            amount=tax.amount,
        )
        for tax in charged
    )


def percent(net: Decimal, tax: Tax, currency: str, decimals: int) -> Decimal:
    """`net` must not be 0."""
    step = Decimal(1).scaleb(-decimals)
    if tax.rate is not None and tax.rate == tax.rate.quantize(step) and reproduces(net, tax.rate, tax.amount, currency):
        return tax.rate.quantize(step).normalize() + 0
    return (tax.amount / net * HUNDRED).quantize(step, ROUND_HALF_UP)


def reproduces(net: Decimal, rate: Decimal, amount: Decimal, currency: str) -> bool:
    return rounded(net * rate / HUNDRED, currency) == amount


def require_mapped(taxes: Iterable[Tax], policy: Policy, table: TaxTable) -> None:
    """Under `unmapped_tax: hold` a tax that nobody has named in the tax table needs a person."""
    if policy.unmapped_tax == "pass":
        return
    for tax in taxes:
        if tax.amount and tax.name not in table:
            raise Held(
                "unmapped_tax",
                f"The tax {tax.name} is not in the tax table",
                field="tax",
                value=tax.name,
                remedy="Add it to the lookup table named taxes, then retry.",
            )


def _merged(taxes: list[Tax]) -> Tax:
    rates = [tax.rate for tax in taxes]
    known = [rate for rate in rates if rate is not None]
    return Tax(
        name=" + ".join(tax.name for tax in taxes),
        rate=sum(known, Decimal(0)) if len(known) == len(rates) else None,
        amount=sum((tax.amount for tax in taxes), Decimal(0)),
    )
