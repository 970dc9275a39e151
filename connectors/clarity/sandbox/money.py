"""Amounts as the site's core rounds them: half up, to what the currency has."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
PLACES = {"JPY": 0, "KWD": 3}
"""Every other currency here has two."""


def rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-PLACES.get(currency, 2)), ROUND_HALF_UP)


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
