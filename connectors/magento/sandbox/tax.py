"""Tax and discount of one row, the way the shop's core computes them: per unit, per row, or per row with the
rounding remainder carried to the next row of the same rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from connectors.magento.sandbox.money import ZERO, cents

HUNDRED = Decimal(100)
NUDGE = Decimal("0.000001")
"""The core starts every remainder here, so that an exact half always rounds the same way."""


class Algorithm(Enum):
    UNIT = "UNIT_BASE_CALCULATION"
    ROW = "ROW_BASE_CALCULATION"
    TOTAL = "TOTAL_BASE_CALCULATION"


@dataclass(frozen=True)
class Rate:
    code: str
    title: str
    percent: Decimal


Share = tuple[Rate, Decimal]


@dataclass(frozen=True)
class TaxedRow:
    """`row_total` is net before the discount. `compensation` is the tax inside the discount, where prices include
    tax: row_total − discount + compensation + tax is what the customer pays."""

    quantity: Decimal
    price: Decimal
    price_incl_tax: Decimal
    row_total: Decimal
    row_total_incl_tax: Decimal
    discount: Decimal
    compensation: Decimal
    shares: tuple[Share, ...]

    @property
    def tax(self) -> Decimal:
        return total(self.shares)

    @property
    def percent(self) -> Decimal:
        return sum((rate.percent for rate, _ in self.shares), ZERO)


class Calculator:
    """One run over the rows of one order in one currency. Tax is applied after the discount."""

    def __init__(self, algorithm: Algorithm, includes_tax: bool) -> None:
        self.algorithm = algorithm
        self.includes_tax = includes_tax
        self._remainders: dict[str, Decimal] = {}

    def row(self, price: Decimal, quantity: Decimal, rates: Sequence[Rate], discount_percent: Decimal) -> TaxedRow:
        """`price` is the catalogue's: with tax where prices include it, and so is the discount then."""
        whole = cents(price * quantity)
        discount = cents(whole * discount_percent / HUNDRED)
        before = self._shares("before", whole, quantity, rates)
        after = self._shares("after", whole - discount, quantity, rates)
        if self.includes_tax:
            net = whole - total(before)
            compensation = total(before) - total(after)
            return TaxedRow(quantity, cents(net / quantity), price, net, whole, discount, compensation, after)
        gross = whole + total(before)
        return TaxedRow(quantity, price, cents(gross / quantity), whole, gross, discount, ZERO, after)

    def _shares(self, moment: str, amount: Decimal, quantity: Decimal, rates: Sequence[Rate]) -> tuple[Share, ...]:
        if not self.includes_tax:
            return tuple(
                (rate, self._tax(moment + rate.code, amount, quantity, rate.percent / HUNDRED)) for rate in rates
            )
        combined = sum((rate.percent for rate in rates), ZERO)
        tax = self._tax(moment + str(combined), amount, quantity, combined / (HUNDRED + combined))
        return _split(tax, rates, combined)

    def _tax(self, remainder: str, amount: Decimal, quantity: Decimal, fraction: Decimal) -> Decimal:
        if self.algorithm is Algorithm.UNIT:
            return cents(cents(amount / quantity * fraction) * quantity)
        if self.algorithm is Algorithm.ROW or not amount:
            return cents(amount * fraction)
        return self._carry(remainder, amount * fraction)

    def _carry(self, remainder: str, tax: Decimal) -> Decimal:
        wanted = tax + self._remainders.get(remainder, NUDGE)
        self._remainders[remainder] = wanted - cents(wanted)
        return cents(wanted)


def _split(tax: Decimal, rates: Sequence[Rate], combined: Decimal) -> tuple[Share, ...]:
    """One tax over several rates, by their percents; the last takes what is left."""
    shares = [(rate, cents(tax * rate.percent / combined)) for rate in rates[:-1]]
    return (*shares, *((rate, tax - total(shares)) for rate in rates[-1:]))


def total(shares: Sequence[Share]) -> Decimal:
    return sum((amount for _, amount in shares), ZERO)
