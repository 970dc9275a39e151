"""The sums of a basket, once in the currency of the order and once in the store's base currency. Each is computed
and rounded by itself: base × rate is not the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.money import ZERO, cents
from connectors.magento.sandbox.tax import Calculator, Share, TaxedRow


@dataclass(frozen=True)
class Sums:
    """`rows` stand in the order of `basket.carriers()`; `fees` are their fixed product taxes."""

    rows: tuple[TaxedRow, ...]
    fees: tuple[Decimal, ...]
    shipping: TaxedRow
    tendered: Decimal

    def over_rows(self, amount: Callable[[TaxedRow], Decimal]) -> Decimal:
        return sum((amount(row) for row in self.rows), ZERO)

    @property
    def subtotal(self) -> Decimal:
        return self.over_rows(lambda row: row.row_total)

    @property
    def subtotal_incl_tax(self) -> Decimal:
        return self.over_rows(lambda row: row.row_total_incl_tax)

    @property
    def discount(self) -> Decimal:
        return self.over_rows(lambda row: row.discount) + self.shipping.discount

    @property
    def tax(self) -> Decimal:
        return self.over_rows(lambda row: row.tax) + self.shipping.tax

    @property
    def compensation(self) -> Decimal:
        """Of the rows only: shipping has its own."""
        return self.over_rows(lambda row: row.compensation)

    @property
    def owed(self) -> Decimal:
        """What the customer owes before tenders."""
        shipping = self.shipping.row_total + self.shipping.compensation
        return self.subtotal - self.discount + shipping + self.tax + self.compensation + sum(self.fees, ZERO)

    @property
    def grand_total(self) -> Decimal:
        return self.owed - self.tendered

    def shares(self) -> list[Share]:
        return [share for row in (*self.rows, self.shipping) for share in row.shares]


def priced(basket: Basket, rate: Decimal) -> Sums:
    calculator = Calculator(basket.algorithm, basket.includes_tax)
    percent = basket.coupon.percent if basket.coupon else ZERO
    rows = tuple(
        calculator.row(cents(line.product.price * rate), line.quantity, line.rates, percent)
        for line in basket.carriers()
    )
    fees = tuple(cents(line.fixed_fee * rate) * line.quantity for line in basket.carriers())
    sums = Sums(rows, fees, _shipping(basket, rate), ZERO)
    return Sums(rows, fees, sums.shipping, _tendered(basket, rate, sums.owed))


def _shipping(basket: Basket, rate: Decimal) -> TaxedRow:
    """Shipping is summed apart, with remainders of its own."""
    calculator = Calculator(basket.algorithm, basket.includes_tax)
    percent = basket.coupon.percent if basket.coupon and basket.coupon.with_shipping else ZERO
    return calculator.row(cents(basket.shipping * rate), Decimal(1), basket.shipping_rates, percent)


def _tendered(basket: Basket, rate: Decimal, owed: Decimal) -> Decimal:
    if basket.tender is None:
        return ZERO
    return owed if basket.tender.amount is None else min(cents(basket.tender.amount * rate), owed)
