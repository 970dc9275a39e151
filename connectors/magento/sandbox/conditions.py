"""The condition types of a filter, with the database's habits: null matches nothing, text ignores case."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.magento.sandbox.refusals import internal

Condition = Callable[[Any, str], bool]


def matches(value: Any, condition: str, wanted: str) -> bool:
    """Raises Refused (500) for a condition that there is not."""
    if condition in ("null", "notnull"):
        return (value is None) is (condition == "null")
    if condition not in CONDITIONS:
        raise internal()
    return value is not None and CONDITIONS[condition](value, wanted)


def _compared(value: Any, wanted: str) -> int:
    """-1, 0 or 1. Numbers as numbers; a date without a time is its midnight."""
    mine: Any
    theirs: Any
    if isinstance(value, str):
        mine, theirs = value.casefold(), wanted.casefold()
        if re.fullmatch(r"\d{4}-\d\d-\d\d", theirs) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", mine):
            theirs += " 00:00:00"
    else:
        mine, theirs = Decimal(str(int(value) if isinstance(value, bool) else value)), _number(wanted)
    return int(mine > theirs) - int(mine < theirs)


def _number(text: str) -> Decimal:
    """Text that is no number is 0 to the database."""
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return Decimal(0)


def _like(value: Any, pattern: str) -> bool:
    parts = (".*" if one == "%" else "." if one == "_" else re.escape(one) for one in pattern)
    return re.fullmatch("".join(parts), str(value), re.IGNORECASE | re.DOTALL) is not None


def _within(value: Any, wanted: str) -> bool:
    return any(_compared(value, one) == 0 for one in wanted.split(","))


def _in_set(value: Any, wanted: str) -> bool:
    """The column is the comma list."""
    return wanted.casefold() in str(value).casefold().split(",")


CONDITIONS: dict[str, Condition] = {
    "eq": lambda value, wanted: _compared(value, wanted) == 0,
    "seq": lambda value, wanted: _compared(value, wanted) == 0,
    "neq": lambda value, wanted: _compared(value, wanted) != 0,
    "sneq": lambda value, wanted: _compared(value, wanted) != 0,
    "gt": lambda value, wanted: _compared(value, wanted) > 0,
    "gteq": lambda value, wanted: _compared(value, wanted) >= 0,
    "moreq": lambda value, wanted: _compared(value, wanted) >= 0,
    "from": lambda value, wanted: _compared(value, wanted) >= 0,
    "lt": lambda value, wanted: _compared(value, wanted) < 0,
    "lteq": lambda value, wanted: _compared(value, wanted) <= 0,
    "to": lambda value, wanted: _compared(value, wanted) <= 0,
    "like": _like,
    "nlike": lambda value, wanted: not _like(value, wanted),
    "in": _within,
    "nin": lambda value, wanted: not _within(value, wanted),
    "finset": _in_set,
    "nfinset": lambda value, wanted: not _in_set(value, wanted),
    "regexp": lambda value, wanted: re.search(wanted, str(value), re.IGNORECASE) is not None,
}
