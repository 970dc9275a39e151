"""What somebody wants to buy, before any sum is made; and how each kind of basket is filled."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from connectors.clarity.sandbox import catalogue
from connectors.clarity.sandbox.catalogue import BOOK, COMPANIES, MILK, ODD, TAXED, Buyer, Product
from connectors.clarity.sandbox.money import ZERO

PLAIN_BUYERS = (catalogue.ADA, catalogue.GRACE, catalogue.JOSE)


@dataclass(frozen=True)
class CartLine:
    product: Product
    quantity: Decimal = Decimal(1)
    percent_off: Decimal = ZERO
    price: Decimal | None = None
    tax: Decimal | None = None
    """Where it is not worked out from the product's rate."""
    tax_name: str = ""
    """Most sites do not name their taxes, nor tell their rates."""
    rate: Decimal | None = None


@dataclass(frozen=True)
class Basket:
    """`off_all` is taken off the order as a whole, and stands on no line. `tax_on_shipping` is a percentage."""

    buyer: Buyer
    lines: tuple[CartLine, ...]
    currency: str = "USD"
    shipping: Decimal = ZERO
    tax_on_shipping: Decimal = ZERO
    handling: Decimal = ZERO
    fee: Decimal = ZERO
    off_all: Decimal = ZERO
    coupon: str = ""
    method: str = "credit_card"
    gateway: str = "Authorize.Net"
    purchase_order: str = ""
    tax_on_lines: bool = True
    """False: only the order as a whole says what was taxed."""


def ordinary(dice: random.Random) -> Basket:
    return holding(dice, *((product, str(dice.randint(1, 3))) for product in dice.sample(TAXED, dice.randint(1, 3))))


def holding(dice: random.Random, *wanted: tuple[Product, str]) -> Basket:
    buyer = catalogue.guest(dice) if dice.random() < 0.3 else dice.choice(PLAIN_BUYERS)
    return Basket(
        buyer=buyer,
        lines=tuple(CartLine(product, Decimal(quantity)) for product, quantity in wanted),
        shipping=Decimal(dice.choice(("5.00", "9.90", "12.35"))),
        tax_on_shipping=Decimal(dice.choice(("0", "8.25"))),
    )


def several(dice: random.Random) -> Basket:
    """At least two of the first, and more than one line: something is left whatever is taken away."""
    first, second = dice.sample(TAXED, 2)
    return holding(dice, (first, str(dice.randint(2, 4))), (second, "1"))


def virtual(dice: random.Random) -> Basket:
    return replace(holding(dice, (BOOK, "2")), shipping=ZERO, tax_on_shipping=ZERO)


def coupon(dice: random.Random) -> Basket:
    basket, percent = several(dice), Decimal(dice.choice(("10", "15", "33", "12.5")))
    lines = tuple(replace(line, percent_off=percent) for line in basket.lines)
    return replace(basket, lines=lines, coupon="SPRING")


def order_discount(dice: random.Random) -> Basket:
    return replace(several(dice), off_all=Decimal(dice.choice(("5.00", "0.97", "3.33"))), coupon="WELCOME")


def charges(dice: random.Random) -> Basket:
    return replace(ordinary(dice), handling=Decimal("2.50"), fee=Decimal("1.75"))


def mixed_rates(dice: random.Random) -> Basket:
    return holding(dice, (TAXED[0], "2"), (MILK, "3"), (BOOK, "1"))


def two_rates(dice: random.Random) -> Basket:
    """Of taxes that the site names."""
    basket = holding(dice, (TAXED[0], "2"), (MILK, "3"))
    named = zip(basket.lines, ("Sales tax", "Food tax"), strict=True)
    lines = tuple(replace(line, tax_name=name, rate=line.product.rate) for line, name in named)
    return replace(basket, lines=lines, tax_on_shipping=ZERO)


def tax_unspread(dice: random.Random) -> Basket:
    return replace(several(dice), tax_on_lines=False)


def carried_cents(dice: random.Random) -> Basket:
    return holding(dice, *((product, "7") for product in (catalogue.CABLE, catalogue.BOLTS)))


def fractional(dice: random.Random) -> Basket:
    return holding(dice, (catalogue.CABLE, "2.5"), (catalogue.BOLTS, "0.333"))


def odd_sku(dice: random.Random) -> Basket:
    return holding(dice, (ODD, "1"), (catalogue.LONG, "2"), (TAXED[1], "1"))


def as_guest(dice: random.Random) -> Basket:
    return replace(ordinary(dice), buyer=catalogue.guest(dice))


def company(dice: random.Random) -> Basket:
    number = f"PO-{dice.randrange(1000, 9999)}"
    return replace(
        several(dice), buyer=dice.choice(COMPANIES), method="purchase_order", gateway="", purchase_order=number
    )


def twins(dice: random.Random) -> Basket:
    return replace(ordinary(dice), buyer=dice.choice((catalogue.ADA, catalogue.TWIN)))


def foreign(basket: Basket, currency: str, factor: str, buyer: Buyer) -> Basket:
    """Priced in that currency; in dinars, too, prices have two places."""
    by, places = Decimal(factor), Decimal(1) if currency == "JPY" else Decimal("0.01")
    lines = tuple(replace(line, price=(line.product.price * by).quantize(places)) for line in basket.lines)
    return replace(
        basket, buyer=buyer, lines=lines, currency=currency, shipping=(basket.shipping * by).quantize(places)
    )


def canadian(dice: random.Random) -> Basket:
    return foreign(several(dice), "CAD", "1.36", catalogue.JOSE)


def yen(dice: random.Random) -> Basket:
    return foreign(holding(dice, (catalogue.BOLTS, "4"), (catalogue.CABLE, "2")), "JPY", "150", catalogue.KEN)


def dinar(dice: random.Random) -> Basket:
    """Untaxed, for the books keep two places only, and a tax in dinars has three."""
    return replace(foreign(holding(dice, (BOOK, "3")), "KWD", "0.307", catalogue.JOSE), tax_on_shipping=ZERO)


def fils(dice: random.Random) -> Basket:
    """With the third place that no books keep."""
    return replace(dinar(dice), shipping=Decimal("1.005"))


def free(dice: random.Random) -> Basket:
    basket = virtual(dice)
    return replace(basket, lines=tuple(replace(line, percent_off=Decimal(100)) for line in basket.lines))


def nobody(dice: random.Random) -> Basket:
    return replace(ordinary(dice), buyer=replace(catalogue.guest(dice), email=""))


def of_lines(basket: Basket, lines: Mapping[str, Any]) -> Basket:
    """In its place, a few plain lines: name → net amount, or {"net", "tax"}. What is asked for is then known to the
    cent: nothing is shipped, charged or taken off besides."""
    made = tuple(
        _plain_line(name, line if isinstance(line, Mapping) else {"net": line}) for name, line in lines.items()
    )
    bare = Basket(buyer=basket.buyer, lines=made, currency=basket.currency)
    return replace(bare, method=basket.method, gateway=basket.gateway, purchase_order=basket.purchase_order)


def _plain_line(name: str, told: Mapping[str, Any]) -> CartLine:
    net, tax = (Decimal(str(told.get(part, 0))) for part in ("net", "tax"))
    rate = Decimal(str(told["rate"])) if "rate" in told else None
    return CartLine(Product(f"prd_{name}", name, name, net), tax=tax, rate=rate)


def fewer(basket: Basket) -> Basket:
    """As an edit leaves it: without its last line, or with one more of its only one."""
    if len(basket.lines) > 1:
        return replace(basket, lines=basket.lines[:-1])
    [line] = basket.lines
    return replace(basket, lines=(replace(line, quantity=line.quantity + 1),))
