"""Reading what a site sends by the paths that its settings name, and turning it into texts and numbers.

Sites are .NET: names are compared as .NET compares them, without regard to case, and without regard to underscores, so
that `OrderNumber` and `order_number` are `orderNumber`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any

from babel.numbers import get_currency_precision

from connectors.documents import ZERO, Raw


def at(record: Any, path: str) -> Any:
    """What stands at a path such as `$.data.items` or `emails[0]`; None where nothing does. `$` is the record itself."""
    for step in steps(path):
        record = _child(record, step)
        if record is None:
            return None
    return record


@cache
def steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in re.findall(r"[^.\[\]]+", path) if step not in ("$", "*"))


@cache
def plain(name: str) -> str:
    """A name without what its site's habits of writing add to it."""
    return name.replace("_", "").replace("-", "").lower()


def text(value: Any) -> str:
    """What is no text or number, such as an object, says nothing."""
    return "" if value is None or isinstance(value, bool | Mapping | list) else str(value).strip()


def id_of(value: Any) -> str:
    """Ids come as 12, "12" and, from some stores of JSON, 12.0."""
    whole = isinstance(value, float | Decimal) and value == int(value)
    return str(int(value)) if whole else text(value)


def number(value: Any) -> Decimal:
    """Exact. Raises ValueError for what is no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("no number")
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError("no number") from None
    if not found.is_finite():
        raise ValueError("no finite number")
    return found


def rows(value: Any) -> list[Raw]:
    """A list of records; null and an absent key mean none."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def rounded(value: Decimal, currency: str) -> Decimal:
    """To the currency's own minor unit."""
    return value.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)


def apportioned(whole: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`whole` split as the weights say, each share rounded; what rounding leaves goes to the largest share."""
    total = sum(weights, ZERO)
    shares = [rounded(whole * weight / total, currency) for weight in weights]
    largest = max(range(len(weights)), key=lambda index: abs(weights[index]))
    shares[largest] += whole - sum(shares, ZERO)
    return shares


def _child(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return value[int(step)] if step.isdecimal() and int(step) < len(value) else None
    if not isinstance(value, Mapping):
        return None
    if step in value:
        return value[step]
    return next((found for name, found in value.items() if plain(str(name)) == plain(step)), None)
