"""Reading text as numbers and dates, and writing them as text. Shared by formulas and transforms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel

from mappings.engine.errors import Trouble, shown

TEXT_LIMIT = 10_000
"""Characters of any text that a formula or transform may make."""
DIGITS = 30
"""No amount that a bookkeeper knows has more digits before or after its point."""
_GROUPED = re.compile(r"[+-]?\d{1,3}([ ,.'\u00a0\u202f])\d{3}(\1\d{3})*")


def is_empty(value: Any) -> bool:
    """Nothing there. Zero and no are values."""
    return value is None or value == "" or value in ([], (), {})


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def number(value: Any, *, point: str = ".") -> Decimal:
    """A Decimal of a number, or of text such as "12.50" or "1,234.50" ("1.234,50" where `point` is a comma)."""
    if is_number(value):
        return bounded(Decimal(str(value)) if isinstance(value, float) else Decimal(value))
    if not isinstance(value, str) or not value.strip():
        raise Trouble(f"{shown(value)} is not a number.", "Give a default, or choose another field.", value=value)
    try:
        return bounded(Decimal(_without_groups(value.strip(), point).replace(point, ".")))
    except InvalidOperation:
        raise Trouble(f"{value!r} is not a number.", "Use digits and a decimal point only.", value=value) from None


def bounded(value: Decimal) -> Decimal:
    if not value.is_finite() or value.adjusted() > DIGITS or -int(value.as_tuple().exponent) > 2 * DIGITS:
        raise Trouble("The number is too large or too fine to be an amount.", "Check the calculation.")
    return value


def text(value: Any) -> str:
    """As a person would write it: nothing for empty, 12.50 for an amount, 2026-11-01 for a date."""
    if isinstance(value, Mapping | BaseModel | list | tuple):
        raise Trouble("This is a group of values, not one value.", "Name one field of it.", value=value)
    if is_number(value):
        return format(number(value), "f")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return short("" if value is None else value if isinstance(value, str) else _iso(value))


def short(made: str) -> str:
    if len(made) > TEXT_LIMIT:
        raise Trouble(f"The text is longer than {TEXT_LIMIT} characters.", "Shorten it, for example with LEFT().")
    return made


def date(value: Any) -> dt.date:
    """The day of a date, an instant or text that begins with 2026-11-01."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        remedy = "Write dates as year-month-day, such as 2026-11-01."
        raise Trouble(f"{shown(value)} is not a date.", remedy, value=value) from None


def whole(value: Any) -> int:
    """A number without a fraction."""
    given = number(value)
    if given != given.to_integral_value():
        raise Trouble(f"{given} is not a whole number.", "Round it first.", value=value)
    return int(given)


def _without_groups(given: str, point: str) -> str:
    """Thousands marks go where they stand between groups of three; a comma that means something else stays, and
    makes the text no number: 1,5 must not silently become 15."""
    head, mark, tail = given.partition(point)
    match = _GROUPED.fullmatch(head)
    return (head.replace(match[1], "") if match else head) + mark + tail


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
