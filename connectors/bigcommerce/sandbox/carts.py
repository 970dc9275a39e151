"""How each kind of basket is filled. Every function draws from the dice, so that no two days are alike."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from connectors.bigcommerce.sandbox.baskets import Basket, CartLine
from connectors.bigcommerce.sandbox.catalogue import (
    CERTIFICATE,
    CITY_TAX,
    CONSUMPTION,
    FILE,
    GST,
    HAMPER,
    PLAIN,
    PST,
    REDUCED,
    SALES_TAX,
    SHIRT,
    TEA,
    VAT,
    Product,
    Rate,
)
from connectors.bigcommerce.sandbox.money import ZERO
from connectors.bigcommerce.sandbox.people import AMERICANS, BRITON, CANADIAN, COMPANY, JAPANESE, guest

LOCAL = (SALES_TAX, CITY_TAX)
CHEQUE = "Check"


def ordinary(dice: random.Random, rates: tuple[Rate, ...] = (SALES_TAX,)) -> Basket:
    chosen = dice.sample(PLAIN, dice.randint(1, 3))
    offline = dice.random() < 0.2
    return Basket(
        buyer=guest(dice) if dice.random() < 0.3 else dice.choice(AMERICANS),
        lines=tuple(CartLine(product, dice.randint(1, 3), rates) for product in chosen),
        shipping=Decimal(dice.choice(("5.00", "8.00", "12.35"))),
        shipping_rates=rates if dice.random() < 0.5 else (),
        method=CHEQUE if offline else "Credit Card",
        gateway="" if offline else "stripe",
    )


def online(dice: random.Random) -> Basket:
    return replace(ordinary(dice), method="Credit Card", gateway="stripe")


def holding(dice: random.Random, product: Product, quantity: int = 1) -> Basket:
    return replace(online(dice), lines=(CartLine(product, quantity, (SALES_TAX,)),))


def options(dice: random.Random) -> Basket:
    return holding(dice, SHIRT, dice.randint(1, 3))


def pick_list(dice: random.Random) -> Basket:
    return holding(dice, HAMPER, dice.randint(1, 2))


def digital(dice: random.Random) -> Basket:
    return replace(holding(dice, FILE), shipping=ZERO, shipping_rates=())


def certificate_sale(dice: random.Random) -> Basket:
    """Selling one is a liability, not revenue, and untaxed."""
    return replace(online(dice), lines=(CartLine(CERTIFICATE),), shipping=ZERO, shipping_rates=())


def coupon(dice: random.Random) -> Basket:
    return replace(online(dice), coupon=("SPRING", Decimal(dice.choice(("10", "15", "33", "12.5")))))


def manual_discount(dice: random.Random) -> Basket:
    return replace(online(dice), manual=Decimal("3.00"))


def free_shipping(dice: random.Random) -> Basket:
    return replace(online(dice), shipping_rates=(), free_shipping="SHIPFREE")


def inclusive(dice: random.Random) -> Basket:
    basket = online(dice)
    lines = tuple(replace(line, rates=(VAT,)) for line in basket.lines)
    return replace(basket, buyer=BRITON, lines=lines, inclusive=True, shipping_rates=(VAT,), currency="GBP")


def inclusive_coupon(dice: random.Random) -> Basket:
    return replace(inclusive(dice), coupon=("SALE", Decimal(dice.choice(("10", "25", "90")))))


def two_rates(dice: random.Random) -> Basket:
    basket = coupon(dice)
    rates = dice.choice((LOCAL, (GST, PST)))
    return replace(basket, lines=tuple(replace(line, rates=rates) for line in basket.lines), shipping_rates=rates)


def mixed_rates(dice: random.Random) -> Basket:
    basket = inclusive(dice)
    return replace(basket, lines=(*basket.lines, CartLine(SHIRT, 3, (REDUCED,))))


def free(dice: random.Random) -> Basket:
    return replace(online(dice), coupon=("ALLFREE", Decimal(100)), shipping=ZERO, shipping_rates=(), gateway="")


def as_guest(dice: random.Random) -> Basket:
    return replace(online(dice), buyer=guest(dice))


def company(dice: random.Random) -> Basket:
    return replace(ordinary(dice), buyer=COMPANY, method="Purchase Order", gateway="")


def store_credit(dice: random.Random, amount: str | None = "10.00") -> Basket:
    return replace(online(dice), credit=None if amount is None else Decimal(amount))


def gift_certificate(dice: random.Random, amount: str | None = "20.00") -> Basket:
    return replace(online(dice), certificate=None if amount is None else Decimal(amount))


def foreign(dice: random.Random) -> Basket:
    """Sold in Canadian dollars."""
    basket = online(dice)
    return replace(
        basket, buyer=CANADIAN, currency="CAD", lines=tuple(replace(one, rates=(GST,)) for one in basket.lines)
    )


def shown_abroad(dice: random.Random) -> Basket:
    """The shopper saw euros and paid in dollars."""
    return replace(online(dice), shown_currency="EUR")


def dinar(dice: random.Random) -> Basket:
    return replace(online(dice), currency="KWD")


def yen(dice: random.Random) -> Basket:
    lines = (CartLine(TEA, dice.randint(1, 3), (CONSUMPTION,)),)
    return replace(
        online(dice), buyer=JAPANESE, currency="JPY", lines=lines, shipping=Decimal(800), shipping_rates=(CONSUMPTION,)
    )


def several(dice: random.Random) -> Basket:
    """Enough of everything that a part can be captured or given back."""
    basket = coupon(dice) if dice.random() < 0.5 else online(dice)
    return replace(basket, lines=tuple(replace(line, quantity=line.quantity + 2) for line in basket.lines))


def with_extras(dice: random.Random) -> Basket:
    basket = online(dice)
    wrapped = replace(basket.lines[0], wrapping=Decimal("2.50"))
    return replace(basket, lines=(wrapped, *basket.lines[1:]), handling=Decimal("1.75"), fee=Decimal("0.80"))


def many_lines(dice: random.Random) -> Basket:
    """More than a page of them."""
    lines = tuple(CartLine(PLAIN[number % len(PLAIN)], 1 + number % 3, (SALES_TAX,)) for number in range(60))
    return replace(online(dice), lines=lines)


def no_email(dice: random.Random) -> Basket:
    return replace(online(dice), buyer=replace(guest(dice), email=""))


def by_test_gateway(dice: random.Random) -> Basket:
    return replace(online(dice), method="Test Payment Gateway", gateway="testgateway", test=True)


def migrated(dice: random.Random) -> Basket:
    return replace(online(dice), source="M-MIG")


def invoice_payment(dice: random.Random) -> Basket:
    return replace(digital(dice), b2b=True)
