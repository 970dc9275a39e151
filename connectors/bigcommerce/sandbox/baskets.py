"""What somebody wants to buy, before any sum is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from connectors.bigcommerce.sandbox.catalogue import CURRENCY, Product, Rate
from connectors.bigcommerce.sandbox.money import ZERO
from connectors.bigcommerce.sandbox.people import Buyer


@dataclass(frozen=True)
class CartLine:
    product: Product
    quantity: int = 1
    rates: tuple[Rate, ...] = ()
    wrapping: Decimal = ZERO
    """Of the whole line, before tax."""


@dataclass(frozen=True)
class Basket:
    """Prices, shipping, handling, wrapping and fees are with tax where `inclusive`, else without. `coupon` is a code and
    a percent, `manual` an amount that staff took off. `credit` is store credit, `certificate` a gift certificate; None =
    as much as is owed."""

    buyer: Buyer
    lines: tuple[CartLine, ...]
    inclusive: bool = False
    currency: str = CURRENCY
    shown_currency: str = ""
    coupon: tuple[str, Decimal] | None = None
    manual: Decimal = ZERO
    shipping: Decimal = ZERO
    shipping_rates: tuple[Rate, ...] = ()
    free_shipping: str = ""
    """Code of a coupon that takes the shipping off; its cost then stands as it was."""
    handling: Decimal = ZERO
    fee: Decimal = ZERO
    credit: Decimal | None = ZERO
    certificate: Decimal | None = ZERO
    method: str = "Credit Card"
    gateway: str = "stripe"
    """Empty: offline, so that no transaction is ever recorded."""
    test: bool = False
    source: str | None = None
    b2b: bool = False

    @property
    def digital(self) -> bool:
        return all(line.product.type != "physical" for line in self.lines)


def fewer(basket: Basket) -> Basket:
    """The same basket as an edit leaves it: without its last line, or with one more of its only one."""
    if len(basket.lines) > 1:
        return replace(basket, lines=basket.lines[:-1])
    line = basket.lines[0]
    return replace(basket, lines=(replace(line, quantity=line.quantity + 1),))
