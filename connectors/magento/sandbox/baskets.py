"""What somebody wants to buy, before any sum is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from connectors.magento.sandbox.catalogue import Product, Store
from connectors.magento.sandbox.money import ZERO
from connectors.magento.sandbox.people import Buyer
from connectors.magento.sandbox.tax import Algorithm, Rate


@dataclass(frozen=True)
class CartLine:
    """`quantity` of a part is the quantity in all. `parts` are a configurable's variant or a bundle's contents."""

    product: Product
    quantity: Decimal = Decimal(1)
    rates: tuple[Rate, ...] = ()
    parts: tuple[CartLine, ...] = ()
    fixed_fee: Decimal = ZERO
    """A fixed product tax for each unit, untaxed itself."""

    @property
    def split(self) -> bool:
        """The parts carry the money: a bundle priced by its contents."""
        return self.product.kind == "bundle" and not self.product.fixed_price

    def carriers(self) -> tuple[CartLine, ...]:
        return self.parts if self.split else (self,)


@dataclass(frozen=True)
class Coupon:
    code: str
    percent: Decimal
    with_shipping: bool = False


@dataclass(frozen=True)
class Tender:
    """Value used instead of money. `amount` None = as much as is owed."""

    kind: str
    amount: Decimal | None


@dataclass(frozen=True)
class Basket:
    """`rate` turns the store's base currency into `currency`."""

    store: Store
    buyer: Buyer
    lines: tuple[CartLine, ...]
    algorithm: Algorithm
    includes_tax: bool
    currency: str
    rate: Decimal = Decimal(1)
    coupon: Coupon | None = None
    shipping: Decimal = ZERO
    shipping_rates: tuple[Rate, ...] = ()
    tender: Tender | None = None
    method: str = "checkmo"
    purchase_order: str = ""

    @property
    def virtual(self) -> bool:
        return all(line.product.virtual for line in self.lines)

    def carriers(self) -> Iterator[CartLine]:
        for line in self.lines:
            yield from line.carriers()


def fewer(basket: Basket) -> Basket:
    """The same basket as an edit leaves it: without its last line, or with one more of its only one."""
    if len(basket.lines) > 1:
        return replace(basket, lines=basket.lines[:-1])
    line = basket.lines[0]
    more = replace(line, quantity=line.quantity + 1, parts=tuple(_scaled(part, line) for part in line.parts))
    return replace(basket, lines=(more,))


def _scaled(part: CartLine, line: CartLine) -> CartLine:
    return replace(part, quantity=part.quantity / line.quantity * (line.quantity + 1))
