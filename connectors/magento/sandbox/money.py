"""Amounts as the shop's core rounds them: half up, to two places, in every currency."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ZERO = Decimal(0)
CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The core rounds yen and dinars to two places as well."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def exact(value: Any) -> Any:
    """JSON with every float turned into the decimal that its text says."""
    return json.loads(json.dumps(value, default=str), parse_float=Decimal)


def plain(value: Any) -> Any:
    """What JSON would carry: integers and floats instead of decimals."""
    return json.loads(json.dumps(value, default=number))


def number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
