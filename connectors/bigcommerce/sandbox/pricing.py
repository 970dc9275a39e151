"""The sums of a basket. Discounts come off the price as it is entered, with tax or without; tax is reckoned on what is
left, each rate for itself and rounded to what can be paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.bigcommerce.sandbox.baskets import Basket, CartLine
from connectors.bigcommerce.sandbox.catalogue import Rate
from connectors.bigcommerce.sandbox.money import ZERO, four, minor, shared

Taxes = tuple[tuple[Rate, Decimal], ...]


@dataclass(frozen=True)
class Cost:
    """An amount with and without tax; `taxes` are its parts by rate."""

    ex: Decimal = ZERO
    inc: Decimal = ZERO
    taxes: Taxes = ()

    @property
    def tax(self) -> Decimal:
        return sum((amount for _, amount in self.taxes), ZERO)


@dataclass(frozen=True)
class PricedLine:
    """`full` is before discounts and has a tax of its own; `tax` and `after` are what remains."""

    line: CartLine
    full: Cost
    off: Decimal
    after: Cost
    wrapping: Cost


@dataclass(frozen=True)
class Sums:
    lines: tuple[PricedLine, ...]
    shipping: Cost
    handling: Cost
    fee: Cost
    coupon: Decimal
    manual: Decimal
    shipping_coupon: Decimal

    @property
    def wrapping(self) -> Cost:
        return together([line.wrapping for line in self.lines])

    @property
    def parts(self) -> list[Cost]:
        return [*(line.after for line in self.lines), self.shipping, self.handling, self.fee, self.wrapping]

    @property
    def tax(self) -> Decimal:
        return sum((part.tax for part in self.parts), ZERO)

    @property
    def total(self) -> Decimal:
        """With tax, before store credit and gift certificates."""
        return sum((part.inc for part in self.parts), ZERO) - self.shipping_coupon


def together(costs: Sequence[Cost]) -> Cost:
    return Cost(
        sum((one.ex for one in costs), ZERO),
        sum((one.inc for one in costs), ZERO),
        tuple(tax for one in costs for tax in one.taxes),
    )


def cost(entered: Decimal, rates: Sequence[Rate], basket: Basket) -> Cost:
    """`entered` as the merchant types it. What is without tax in an inclusive store is only an estimate, to four
    places."""
    percent = sum((rate.percent for rate in rates), ZERO)
    base = entered / (100 + percent) if basket.inclusive else entered / 100
    taxes = tuple((rate, minor(base * rate.percent, basket.currency)) for rate in rates)
    tax = sum((amount for _, amount in taxes), ZERO)
    return Cost(entered - tax, entered, taxes) if basket.inclusive else Cost(entered, entered + tax, taxes)


def full_price(line: CartLine, basket: Basket) -> Cost:
    """Before discounts: here the estimate of the part without tax is not made to fit."""
    found = cost(line.product.price * line.quantity, line.rates, basket)
    percent = sum((rate.percent for rate in line.rates), ZERO)
    return Cost(four(found.inc * 100 / (100 + percent)), found.inc, found.taxes) if basket.inclusive else found


def priced(basket: Basket) -> Sums:
    entered = [line.product.price * line.quantity for line in basket.lines]
    coupon = minor(sum(entered, ZERO) * basket.coupon[1] / 100, basket.currency) if basket.coupon else ZERO
    off = shared(coupon + basket.manual, entered)
    lines = tuple(
        PricedLine(
            line,
            full_price(line, basket),
            less,
            cost(price - less, line.rates, basket),
            cost(line.wrapping, line.rates, basket) if line.wrapping else Cost(),
        )
        for line, price, less in zip(basket.lines, entered, off, strict=True)
    )
    shipping = cost(basket.shipping, basket.shipping_rates, basket)
    return Sums(
        lines,
        shipping,
        cost(basket.handling, (), basket),
        cost(basket.fee, (), basket),
        coupon,
        basket.manual,
        shipping.inc if basket.free_shipping else ZERO,
    )
