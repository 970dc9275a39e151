"""Amounts as the store writes them: V2 as text with four places, V3 as numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ZERO = Decimal(0)
PLACES = {"JPY": 0, "KWD": 3}
"""Decimal places of the store's currencies, where there are not two."""


def to_places(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def minor(amount: Decimal, currency: str) -> Decimal:
    """Rounded to what can be paid."""
    return to_places(amount, PLACES.get(currency, 2))


def four(amount: Decimal) -> Decimal:
    return to_places(amount, 4)


def written(amount: Decimal) -> str:
    return f"{four(amount):f}"


def number(amount: Decimal) -> Any:
    """As a JSON number."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def shared(whole: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """An order's discount over its lines, to four places; the last line takes the rest."""
    total = sum(weights, ZERO)
    if not total:
        return [ZERO for _ in weights]
    shares = [four(whole * weight / total) for weight in weights[:-1]]
    return [*shares, whole - sum(shares, ZERO)]
