"""The percents on lines of the books: what they come to, and what they must be where lines become one or stand alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from connectors.base import Capabilities
from connectors.documents import ZERO, BooksLine, LineTax, Tax
from hub.accounting.amounts import quantum
from hub.accounting.taxes import HUNDRED, effective, percent, reproduces

L = TypeVar("L", bound=BooksLine)


def computed(line: BooksLine) -> Iterator[Decimal]:
    """What each of the line's percents comes to, not rounded."""
    before = ZERO
    for tax in line.taxes:
        made = (line.amount + before * tax.compound) * tax.percent / HUNDRED
        before += made
        yield made


def last_decimal(net: Decimal, decimals: int) -> Decimal:
    """What a percent of so many decimals may leave unsaid of the tax on `net`."""
    return abs(net) * Decimal(5).scaleb(-decimals - 1) / HUNDRED


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


def rates(line: BooksLine) -> list[tuple[str, Decimal, bool]]:
    return [(tax.name, tax.percent, tax.compound) for tax in line.taxes]


def combined(
    net: Decimal, lines: Sequence[BooksLine], currency: str, capabilities: Capabilities
) -> tuple[LineTax, ...]:
    """The taxes of lines that become one over `net`. A percent that they share stays, for it makes as much of the sum;
    else it is one that makes as much of `net`. `net` may be 0 only where there is no tax."""
    first, *others = lines
    if all(rates(one) == rates(first) for one in others):
        return tuple(_one_tax(same) for same in zip(*(one.taxes for one in lines), strict=True))
    shares: dict[str, list[_Share]] = {}
    for share in (share for line in lines for share in _shares(line, currency, capabilities.tax_decimals)):
        shares.setdefault(share.tax.name, []).append(share)
    if len(shares) > capabilities.taxes_per_line:
        shares = {" + ".join(shares): [share for group in shares.values() for share in group]}
    made = (_anew(net, name, group, currency, capabilities.tax_decimals) for name, group in shares.items())
    return tuple(tax for tax in made if tax.amount)


class _Share(NamedTuple):
    """A tax of a line that becomes part of another, and what is to be made of it there: what was charged; or what its
    percent came to, where that is more than rounding away and other lines make good for it."""

    tax: LineTax
    made: Decimal


def _shares(line: BooksLine, currency: str, decimals: int) -> Iterator[_Share]:
    near = quantum(currency) / 2 + last_decimal(line.amount, decimals)
    for tax, made in zip(line.taxes, computed(line), strict=True):
        yield _Share(tax, made if abs(made - tax.amount) > near else tax.amount)


def _one_tax(same: Sequence[LineTax]) -> LineTax:
    return same[0].model_copy(update={"amount": sum((tax.amount for tax in same), ZERO)})


def _anew(net: Decimal, name: str, shares: Sequence[_Share], currency: str, decimals: int) -> LineTax:
    amount = sum((share.tax.amount for share in shares), ZERO)
    made = sum((share.made for share in shares), ZERO)
    old = shares[0].tax
    stays = made == amount and not old.compound and reproduces(net, old.percent, amount, currency)
    return LineTax(name=name, percent=old.percent if stays else effective(net, made, decimals), amount=amount)
