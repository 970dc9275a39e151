"""Amounts on the wire and the rounding that nobody has documented."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

ZERO = Decimal(0)
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
WITHOUT_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
WITH_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
Money = dict[str, str]


class Cents:
    """Rounds to the smallest unit of one currency, in the mode of the switch."""

    def __init__(self, currency: str, switch: Mapping[str, Any]) -> None:
        self.currency = currency
        self._mode = MODES[switch["rounding_mode"]]
        self._unit = Decimal(1).scaleb(-_decimals(currency) if switch["currency_decimals"] == "iso" else -2)

    def __call__(self, amount: Decimal) -> Decimal:
        return amount.quantize(self._unit, self._mode)

    def money(self, amount: Decimal) -> Money:
        return {"amount": format(self(amount), "f"), "code": self.currency}


def amount_of(money: Mapping[str, str]) -> Decimal:
    return Decimal(money["amount"])


def plain(number: Decimal) -> str:
    """As the wire shows quantities and percentages: "4", "12.5"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimals(currency: str) -> int:
    if currency in WITHOUT_DECIMALS:
        return 0
    return 3 if currency in WITH_THREE_DECIMALS else 2
