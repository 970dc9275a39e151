"""Decimals of currencies, and rounding. Nothing here ever sees a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.core import get_global

BOOKS_PLACES = 2
"""The books keep two decimals whatever the currency, as far as anybody knows."""
BOOKS_UNIT = Decimal(1).scaleb(-BOOKS_PLACES)


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency by CLDR: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    fractions = get_global("currency_fractions")
    places = fractions.get(currency, fractions["DEFAULT"])[0]
    return Decimal(1).scaleb(-places)


@cache
def quantum(currency: str) -> Decimal:
    """What amounts of this currency are rounded to here: stores and books keep two decimals even for JPY."""
    return min(minor_unit(currency), BOOKS_UNIT)


def whole(amount: Decimal, currency: str) -> Decimal:
    """Half up, to the currency's own smallest unit: what is converted has no half yen."""
    return amount.quantize(minor_unit(currency), ROUND_HALF_UP)


def share_unit(total: Decimal, currency: str) -> Decimal:
    """What `total` is split into: the smallest unit of its currency, or what is finer in it than that."""
    unit = minor_unit(currency)
    return quantum(currency) if total % unit else unit


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up, to what the currency is kept in."""
    return amount.quantize(quantum(currency), ROUND_HALF_UP)


def in_minor_units(amount: Decimal, currency: str) -> Decimal:
    """With the currency's own decimals; finer amounts keep theirs, for nothing is ever rounded away."""
    whole = amount.quantize(minor_unit(currency) if currency else BOOKS_UNIT, ROUND_HALF_UP)
    return whole if whole == amount else amount.normalize()


def plain(amount: Decimal) -> str:
    """For people: 49.2 → "49.20", 3.0000 → "3.00"; more decimals stay if they say something."""
    shortest = amount.normalize()
    places = max(BOOKS_PLACES, -int(shortest.as_tuple().exponent))
    return f"{amount:,.{places}f}"
