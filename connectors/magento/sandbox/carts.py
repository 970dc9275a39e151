"""How each kind of basket is filled. Every function draws from the dice, so that no two days are alike."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from connectors.magento.sandbox.baskets import Basket, CartLine, Coupon, Tender
from connectors.magento.sandbox.catalogue import (
    BOOK,
    CITY_RATE,
    FABRIC,
    FRENCH_RATE,
    GIFT_CARD,
    HOODIE,
    HOODIE_M,
    JAPAN_RATE,
    MANUAL,
    NEW_YORK,
    PARIS,
    PICNIC,
    PICNIC_PARTS,
    PLAIN,
    RADIO,
    RATES,
    REDUCED_RATE,
    STATE_RATE,
    STORES,
    SUPPORT,
    TEA,
    US_RATE,
    YOGA_KIT,
    YOGA_PARTS,
    Product,
    Store,
)
from connectors.magento.sandbox.money import ZERO
from connectors.magento.sandbox.people import AMERICANS, COMPANIES, DETROIT, FAR, FRENCH, LYON, Buyer, guest
from connectors.magento.sandbox.tax import Algorithm, Rate

OFFLINE = ("checkmo", "banktransfer", "cashondelivery")
ONLINE = ("braintree", "paypal_express")
TWO_RATES = (STATE_RATE, CITY_RATE)


def ordinary(dice: random.Random, store: Store | None = None) -> Basket:
    store = store or dice.choice(STORES)
    rates = _rates(store, "standard")
    lines = [
        CartLine(product, Decimal(dice.randint(1, 3)), rates) for product in dice.sample(PLAIN, dice.randint(1, 3))
    ]
    return Basket(
        store=store,
        buyer=buyer(dice, store),
        lines=tuple(lines),
        algorithm=dice.choice(list(Algorithm)),
        includes_tax=store.includes_tax,
        currency=store.currency,
        shipping=Decimal(dice.choice(("5.00", "9.90", "12.35"))),
        shipping_rates=rates if store is PARIS or dice.random() < 0.3 else (),
        method=dice.choice((*OFFLINE, *ONLINE)),
    )


def _rates(store: Store, tax: str) -> tuple[Rate, ...]:
    if tax == "none":
        return ()
    if store is PARIS:
        return (REDUCED_RATE if tax == "reduced" else FRENCH_RATE,)
    return (US_RATE,)


def buyer(dice: random.Random, store: Store) -> Buyer:
    if dice.random() < 0.3:
        return guest(dice, DETROIT if store is NEW_YORK else LYON)
    return dice.choice(AMERICANS if store is NEW_YORK else FRENCH)


def lines_of(store: Store, *products: tuple[Product, str]) -> tuple[CartLine, ...]:
    return tuple(CartLine(product, Decimal(quantity), _rates(store, product.tax)) for product, quantity in products)


def holding(dice: random.Random, *products: tuple[Product, str], store: Store | None = None) -> Basket:
    basket = ordinary(dice, store)
    return replace(basket, lines=lines_of(basket.store, *products))


def virtual(dice: random.Random) -> Basket:
    basket = holding(dice, (SUPPORT, "1"), (MANUAL, "2"))
    return replace(basket, shipping=ZERO, shipping_rates=())


def gift_card_sale(dice: random.Random) -> Basket:
    """Selling a gift card: a liability, not revenue, and untaxed."""
    return replace(holding(dice, (GIFT_CARD, "1"), store=NEW_YORK), shipping=ZERO, shipping_rates=())


def with_parts(dice: random.Random, product: Product, parts: Sequence[Product], store: Store | None = None) -> Basket:
    basket = ordinary(dice, store)
    rates, quantity = _rates(basket.store, product.tax), Decimal(dice.randint(1, 2))
    held = tuple(CartLine(part, quantity, rates) for part in parts)
    return replace(basket, lines=(CartLine(product, quantity, rates, held), *basket.lines[:1]))


def configurable(dice: random.Random) -> Basket:
    return with_parts(dice, HOODIE, (HOODIE_M,))


def dynamic_bundle(dice: random.Random) -> Basket:
    basket = with_parts(dice, YOGA_KIT, YOGA_PARTS)
    return replace(basket, coupon=dice.choice((None, Coupon("YOGA15", Decimal(15)))))


def fixed_bundle(dice: random.Random) -> Basket:
    return with_parts(dice, PICNIC, PICNIC_PARTS)


def coupon(dice: random.Random, store: Store | None = None) -> Basket:
    percent = Decimal(dice.choice(("10", "15", "33", "12.5")))
    return replace(ordinary(dice, store), coupon=Coupon("SPRING", percent))


def tax_inclusive(dice: random.Random) -> Basket:
    """Discounts hold tax here, so that a compensation comes about; a deep one drives the row's net below zero."""
    basket = coupon(dice, PARIS)
    return replace(basket, coupon=Coupon("SOLDES", Decimal(90))) if dice.random() < 0.3 else basket


def two_rates(dice: random.Random) -> Basket:
    basket = coupon(dice, NEW_YORK)
    return replace(
        basket, lines=tuple(replace(line, rates=TWO_RATES) for line in basket.lines), shipping_rates=TWO_RATES
    )


def mixed_rates(dice: random.Random) -> Basket:
    basket = ordinary(dice, PARIS)
    return replace(basket, lines=(*basket.lines, *lines_of(PARIS, (BOOK, "3"))))


def carried_cents(dice: random.Random) -> Basket:
    basket = holding(dice, *((product, "1") for product in PLAIN))
    return replace(basket, algorithm=Algorithm.TOTAL)


def rounded_units(dice: random.Random) -> Basket:
    return replace(holding(dice, (PLAIN[5], str(dice.randint(6, 12)))), algorithm=Algorithm.UNIT)


def shipping_discount(dice: random.Random) -> Basket:
    basket = coupon(dice)
    assert basket.coupon
    return replace(
        basket, coupon=replace(basket.coupon, with_shipping=True), shipping_rates=_rates(basket.store, "standard")
    )


def free(dice: random.Random) -> Basket:
    return replace(ordinary(dice), coupon=Coupon("ALLFREE", Decimal(100), with_shipping=True), method="free")


def as_guest(dice: random.Random) -> Basket:
    basket = ordinary(dice)
    return replace(basket, buyer=guest(dice, DETROIT if basket.store is NEW_YORK else LYON))


def tax_exempt(dice: random.Random) -> Basket:
    """A school that need not pay any tax."""
    basket = ordinary(dice, NEW_YORK)
    return replace(basket, lines=tuple(replace(line, rates=()) for line in basket.lines), shipping_rates=())


def company(dice: random.Random) -> Basket:
    who = dice.choice(COMPANIES)
    basket = ordinary(dice, NEW_YORK if who in AMERICANS else PARIS)
    return replace(basket, buyer=who, method="purchaseorder", purchase_order=f"PO-{dice.randrange(1000, 9999)}")


def tendered(dice: random.Random, kind: str, amount: str | None = "20.00") -> Basket:
    basket = ordinary(dice)
    method = basket.method if amount else "free"
    return replace(basket, tender=Tender(kind, Decimal(amount) if amount else None), method=method)


def fixed_product_tax(dice: random.Random) -> Basket:
    basket = holding(dice, (RADIO, str(dice.randint(1, 3))), store=NEW_YORK)
    return replace(basket, lines=tuple(replace(line, fixed_fee=Decimal("2.50")) for line in basket.lines))


def foreign(dice: random.Random, currency: str) -> Basket:
    return replace(ordinary(dice, NEW_YORK), currency=currency, rate=RATES[currency])


def yen(dice: random.Random) -> Basket:
    """Whole dollars, a rate of 100 and 10 % tax: whole yen."""
    basket = foreign(dice, "JPY")
    japan = (JAPAN_RATE,)
    lines = (CartLine(TEA, Decimal(dice.randint(1, 4)), japan),)
    return replace(basket, buyer=FAR[1], lines=lines, shipping=Decimal(8), shipping_rates=japan)


def several(dice: random.Random) -> Basket:
    """Enough of everything that a part can be captured or given back."""
    basket = coupon(dice) if dice.random() < 0.5 else ordinary(dice)
    return replace(basket, lines=tuple(replace(line, quantity=line.quantity + 2) for line in basket.lines))


def fractional(dice: random.Random) -> Basket:
    return holding(dice, (FABRIC, dice.choice(("2.5", "0.75", "3.3333"))))


def entities(dice: random.Random) -> Basket:
    """Names with HTML entities, and skus that hold a space or a slash."""
    basket = holding(dice, (PLAIN[2], "1"), (PLAIN[3], "1"), (PLAIN[4], "2"), store=NEW_YORK)
    return replace(basket, buyer=AMERICANS[1])


def no_region(dice: random.Random) -> Basket:
    return replace(ordinary(dice, NEW_YORK), buyer=FAR[0])


def no_email(dice: random.Random) -> Basket:
    basket = ordinary(dice, NEW_YORK)
    return replace(basket, buyer=replace(guest(dice, DETROIT), email="", named=True))


def by(method: str, basket: Basket) -> Basket:
    return replace(basket, method=method)
