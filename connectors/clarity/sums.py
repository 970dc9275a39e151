"""The consistency check, and what an order states only as a whole: discounts and taxes are spread over its lines.

Sites differ in whether an order's discount repeats those of its lines, whether its tax repeats that of shipping, and
whether each line is rounded or but the whole. So each reading is tried, the sheet's own first, and the one that closes the sum to the cent is the one that was meant. Where
none does, nothing is guessed: what is left open is the order's residual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from connectors.clarity.lines import Draft, drafts, drafts_together
from connectors.clarity.reading import apportioned, rounded
from connectors.clarity.record import Record
from connectors.documents import ZERO, Line

CENT = Decimal("0.01")
"""The sheet's tolerance, in every currency."""
MORE = 2 * CENT
"""What is further off is as wrong as anything: of such readings the sheet's own stands."""


@dataclass(frozen=True)
class Bill:
    """`total` is what the customer owed, surcharges apart; `residual` what the lines leave unexplained."""

    lines: tuple[Line, ...]
    total: Decimal

    @property
    def residual(self) -> Decimal:
        return self.total - sum((line.gross for line in self.lines), ZERO)


def bill(order: Record, currency: str) -> Bill:
    total = rounded(order.total("total"), currency)
    readings = [
        _spread(found, discount, tax, currency)
        for found in (drafts(order, currency), drafts_together(order, currency))
        for discount, tax in _open(order, found, currency)
    ]
    chosen = min(readings, key=lambda one: min(abs(total - _gross(one)), MORE))
    return Bill(tuple(one.line() for one in chosen), total)


def _open(order: Record, found: Sequence[Draft], currency: str) -> Iterator[tuple[Decimal, Decimal]]:
    """What of discount and tax no line states, in each way in which the order's sums may be meant."""
    discount, tax = (rounded(abs(order.amount(name)), currency) for name in ("discountTotal", "taxTotal"))
    of_products = sum((one.tax or ZERO for one in found if one.kind == "product"), ZERO)
    of_all = sum((one.tax or ZERO for one in found), ZERO)
    on_lines = sum((one.discount for one in found), ZERO)
    discounts = dict.fromkeys(max(one, ZERO) for one in (discount - on_lines, discount, ZERO))
    taxes = dict.fromkeys(max(one, ZERO) for one in (tax - of_all, tax - of_products, ZERO))
    return product(discounts, taxes)


def _spread(found: Sequence[Draft], discount: Decimal, tax: Decimal, currency: str) -> list[Draft]:
    """Taxes follow what lines were worth before the whole was discounted: that need not have lowered them."""
    bear = _discountable(found, discount)
    discounts, taxes = _shares(found, bear, discount, currency), _shares(found, _taxable(found), tax, currency)
    return [
        one.less(off).taxed(more) if off or more else one
        for one, off, more in zip(found, discounts, taxes, strict=True)
    ]


def _discountable(found: Sequence[Draft], discount: Decimal) -> list[bool]:
    """Products, as long as they can bear it: more than all of them took something off the shipping as well."""
    products = [one.kind == "product" for one in found]
    worth = sum((one.net for one, is_product in zip(found, products, strict=True) if is_product), ZERO)
    return products if discount <= worth else [True for _ in found]


def _taxable(found: Sequence[Draft]) -> list[bool]:
    """Products whose tax is not stated, else charges whose is not, else all products."""
    silent = [one.kind == "product" and one.tax is None for one in found]
    charges = [one.kind != "product" and one.tax is None for one in found]
    return next((chosen for chosen in (silent, charges) if any(chosen)), [one.kind == "product" for one in found])


def _shares(found: Sequence[Draft], bears: Sequence[bool], whole: Decimal, currency: str) -> list[Decimal]:
    """In proportion to what each is worth; where all together are worth nothing, the first bears it."""
    if not whole or not any(bears):
        return [ZERO for _ in found]
    weights = [max(one.net, ZERO) if bearing else ZERO for one, bearing in zip(found, bears, strict=True)]
    if not sum(weights, ZERO):
        weights[bears.index(True)] = Decimal(1)
    return apportioned(whole, weights, currency)


def _gross(found: Sequence[Draft]) -> Decimal:
    return sum((one.gross for one in found), ZERO)
