"""Amounts, percents and ids, theirs and ours: text on the wire, Decimal and text here, never a float."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.errors import Rejected

CENT = Decimal("0.01")


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """Ours to theirs: two decimals at least, and all that there are."""
    exponent = amount.as_tuple().exponent
    padded = amount.quantize(CENT) if isinstance(exponent, int) and exponent > -2 else amount
    return {"amount": format(padded, "f"), "code": currency}


def amount_of(value: Any) -> Decimal | None:
    """Theirs to ours. Amounts mostly come as text, in older answers as numbers, and with any number of decimals."""
    inner = value.get("amount") if isinstance(value, dict) else value
    return None if inner in (None, "") else Decimal(str(inner))


def plain(value: Decimal) -> str:
    """A quantity or a percent as FreshBooks writes it: "13", "8.875"."""
    return format(value.normalize(), "f")


def percent(value: Decimal, field: str) -> str:
    """At most three decimals, which is all that FreshBooks keeps."""
    if value != round(value, 3):
        raise Rejected(
            f"FreshBooks keeps three decimals of a tax percent; {plain(value)} % has more",
            code="tax_decimals",
            field=field,
            value=plain(value),
        )
    return plain(value)


def number_of(id: str, field: str) -> int:
    """Their ids are whole numbers."""
    if not id.isdecimal():
        raise Rejected(f"{id!r} is not a FreshBooks id", code="not_an_id", field=field, value=id)
    return int(id)


def text(value: Any) -> str:
    """Unset text comes as "" or null; numbers of documents come as text or numbers."""
    return "" if value is None else str(value).strip()
