"""The percents on lines of the books: what they come to, and what they must be where lines become one or stand alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from connectors.base import Capabilities
from connectors.documents import ZERO, BooksLine, LineTax, Tax
from hub.accounting.taxes import HUNDRED, effective, percent, reproduces

L = TypeVar("L", bound=BooksLine)


def computed(line: BooksLine) -> Iterator[Decimal]:
    """What each of the line's percents comes to, not rounded."""
    before = ZERO
    for tax in line.taxes:
        made = (line.amount + before * tax.compound) * tax.percent / HUNDRED
        before += made
        yield made


def alone(line: L, currency: str, decimals: int) -> L:
    """The same line with percents that make its own cents, whatever the other lines have."""
    if not line.amount:
        return line
    taxes = [
        LineTax(
            name=tax.name,
            percent=percent(line.amount, Tax(name=tax.name, rate=tax.percent, amount=tax.amount), currency, decimals),
            amount=tax.amount,
        )
        for tax in line.taxes
    ]
    return line.model_copy(update={"taxes": tuple(taxes)})


def combined(
    net: Decimal, lines: Sequence[BooksLine], currency: str, capabilities: Capabilities
) -> tuple[LineTax, ...]:
    """The taxes of lines that become one over `net`. A percent that they share stays, for it makes the same of their sum;
    else it is what makes of `net` the cents, or the amount, that the lines' own percents made. `net` may be 0 only
    where there is no tax."""
    first, *others = lines
    if all(_rates(one) == _rates(first) for one in others):
        sums = [sum((tax.amount for tax in same), ZERO) for same in zip(*(one.taxes for one in lines), strict=True)]
        return tuple(tax.model_copy(update={"amount": amount}) for tax, amount in zip(first.taxes, sums, strict=True))
    shares: dict[str, list[_Share]] = {}
    for line in lines:
        for tax, made in zip(line.taxes, computed(line), strict=True):
            shares.setdefault(tax.name, []).append(_Share(tax, made))
    if len(shares) > capabilities.taxes_per_line:
        shares = {" + ".join(shares): [share for group in shares.values() for share in group]}
    made_anew = (_anew(net, name, group, currency, capabilities.tax_decimals) for name, group in shares.items())
    return tuple(tax for tax in made_anew if tax.amount)


class _Share(NamedTuple):
    tax: LineTax
    made: Decimal


def _anew(net: Decimal, name: str, shares: Sequence[_Share], currency: str, decimals: int) -> LineTax:
    amount = sum((share.tax.amount for share in shares), ZERO)
    old = shares[0].tax
    if not old.compound and reproduces(net, old.percent, amount, currency):
        return LineTax(name=name, percent=old.percent, amount=amount)
    made = sum((share.made for share in shares), ZERO)
    return LineTax(name=name, percent=effective(net, made, decimals), amount=amount)


def _rates(line: BooksLine) -> list[tuple[str, Decimal, bool]]:
    return [(tax.name, tax.percent, tax.compound) for tax in line.taxes]
