"""What a list can be asked for. A filter that a resource does not know is ignored, and the whole list comes back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.freshbooks.sandbox import refusals
from connectors.freshbooks.sandbox.refusals import Refusal
from connectors.freshbooks.sandbox.tables import Row
from connectors.sandbox import Call

SEARCH = re.compile(r"search\[(\w+)\](?:\[\])?")
Parse = Callable[[str, str], Any]
Get = Callable[[Row], Any]


@dataclass(frozen=True)
class Filter:
    """`matches` is asked with the row and every value given under the name. `index` names a look-up of the table, where
    a value is `filed_under` its key."""

    parse: Parse
    matches: Callable[[Row, list[Any]], bool]
    index: str = ""
    filed_under: Callable[[Any], Hashable] = str


def asked(call: Call) -> dict[str, list[str]]:
    """name → values, in the order in which they were given."""
    found: dict[str, list[str]] = {}
    for key, value in call.query:
        if match := SEARCH.fullmatch(key):
            found.setdefault(match[1], []).append(value)
    return found


def parsed(call: Call, filters: Mapping[str, Filter], ignored: list[str]) -> list[tuple[Filter, list[Any]]]:
    return [
        (filters[name], [filters[name].parse(name, value) for value in values])
        for name, values in asked(call).items()
        if name in filters and name not in ignored
    ]


def text(field: str) -> Filter:
    return Filter(_text, lambda row, values: row[field] == values[-1], index=field)


def email(field: str, *, case_sensitive: bool) -> Filter:
    """Filed in lower case either way."""
    fold = str if case_sensitive else str.lower
    return Filter(_text, lambda row, values: fold(row[field]) == fold(values[-1]), index=field, filed_under=str.lower)


def number(field: str) -> Filter:
    return Filter(_number, lambda row, values: row[field] == values[-1], index=field, filed_under=int)


def numbers(field: str) -> Filter:
    return Filter(_number, lambda row, values: row[field] in values)


def like(*fields: str) -> Filter:
    """Some of these fields contains the text, in any case."""
    return Filter(
        _text, lambda row, values: any(values[-1].lower() in str(row[field] or "").lower() for field in fields)
    )


def flag(holds: Callable[[Row], bool]) -> Filter:
    return Filter(_flag, lambda row, values: holds(row) == values[-1])


def days(name: str, field: str) -> dict[str, Filter]:
    """Two filters: from this day, and before that one. A timestamp counts as its Eastern day."""
    return {
        f"{name}_min": Filter(_day, lambda row, values: row[field][:10] >= values[-1]),
        f"{name}_max": Filter(_day, lambda row, values: row[field][:10] < values[-1]),
    }


def amounts(name: str, get: Callable[[Row], Decimal]) -> dict[str, Filter]:
    return {
        f"{name}_min": Filter(_decimal, lambda row, values: get(row) >= values[-1]),
        f"{name}_max": Filter(_decimal, lambda row, values: get(row) < values[-1]),
    }


def _text(name: str, value: str) -> str:
    return value


def _number(name: str, value: str) -> int:
    if re.fullmatch(r"-?\d+", value):
        return int(value)
    raise _refuse(refusals.FILTER_NUMBER, name, value, "a number")


def _decimal(name: str, value: str) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        raise _refuse(refusals.FILTER_NUMBER, name, value, "a number") from None


def _flag(name: str, value: str) -> bool:
    if value.lower() in ("true", "1", "false", "0"):
        return value.lower() in ("true", "1")
    raise _refuse(refusals.FILTER_BOOLEAN, name, value, "a boolean")


def _day(name: str, value: str) -> str:
    try:
        return dt.date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise _refuse(refusals.FILTER_DATE, name, value, "a date") from None


def _refuse(errno: int, name: str, value: str, wanted: str) -> Refusal:
    return Refusal(errno, f"The filter '{name}' must be {wanted}.", field=name, value=value)
