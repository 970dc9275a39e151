"""The words that accounting itself must put on a line."""

from __future__ import annotations

from decimal import Decimal

from hub.accounting.amounts import plain


def times(quantity: Decimal, price: Decimal) -> str:
    return "" if quantity == 1 else f"{quantity.normalize():f} × {plain(price)}"


def including(name: str, amount: Decimal) -> str:
    return f"including {name} {plain(amount)}"


def joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
