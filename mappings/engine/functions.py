"""The functions that a formula may call, named as in a spreadsheet. Amounts are Decimal in and out."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from mappings.engine import values
from mappings.engine.errors import Trouble, shown

Tables = Mapping[str, Mapping[str, str]]
"""Lookup tables by name."""
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Function:
    """`usage` and `description` are what an editor shows."""

    name: str
    usage: str
    description: str
    call: Callable[..., Any]

    def takes(self, count: int) -> bool:
        try:
            inspect.signature(self.call).bind(*[None] * count)
        except TypeError:
            return False
        return True


FUNCTIONS: dict[str, Function] = {}


def function(usage: str, description: str) -> Callable[[F], F]:
    def register(call: F) -> F:
        name = usage.partition("(")[0]
        FUNCTIONS[name] = Function(name, usage, description, call)
        return call

    return register


# --- Choosing ---


@function("IF(condition, then, otherwise)", "One of two values; only the one chosen is worked out")
def choose(condition: Any, then: Any, otherwise: Any = None) -> Any:
    return then if condition else otherwise


@function("COALESCE(value, …)", "The first value that is not empty")
def coalesce(*candidates: Any) -> Any:
    return next((value for value in candidates if not values.is_empty(value)), None)


@function("ISBLANK(value)", "Whether it is empty; zero is not empty")
def is_blank(value: Any) -> bool:
    return values.is_empty(value)


@function("AND(condition, …)", "Whether all are true")
def all_of(*conditions: Any) -> bool:
    return all(conditions)


@function("OR(condition, …)", "Whether any is true")
def any_of(*conditions: Any) -> bool:
    return any(conditions)


@function("NOT(condition)", "The opposite")
def opposite(condition: Any) -> bool:
    return not condition


def look_up(tables: Tables, table: Any, key: Any, otherwise: Any = None) -> Any:
    """Exact first, then without regard to case. No row and no alternative is trouble, never an empty value."""
    rows = tables.get(values.text(table))
    if rows is None:
        raise Trouble(f"There is no lookup table {shown(table)}.", "Make it under Lookup tables.", value=table)
    wanted = values.text(key).strip()
    folded = {name.strip().casefold(): value for name, value in rows.items()}
    found = rows.get(wanted, folded.get(wanted.casefold(), otherwise))
    if found is None:
        raise Trouble(f"The table {table} has no row for {shown(wanted)}.", "Add the row to the table.", value=wanted)
    return found


# --- Numbers ---


@function("ROUND(number, digits)", "Rounded as in a spreadsheet: half goes away from zero")
def rounded(number: Any, digits: Any = 0) -> Decimal:
    places = values.whole(digits)
    if abs(places) > values.DIGITS // 2:
        raise Trouble(f"Nobody rounds to {places} digits.", "Use 0 to 15.", value=digits)
    return values.number(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


@function("ABS(number)", "Without its sign")
def absolute(number: Any) -> Decimal:
    return abs(values.number(number))


@function("MIN(number, …)", "The smallest; empty values do not count")
def smallest(*numbers: Any) -> Decimal | None:
    return min(_numbers(numbers), default=None)


@function("MAX(number, …)", "The largest; empty values do not count")
def largest(*numbers: Any) -> Decimal | None:
    return max(_numbers(numbers), default=None)


@function("SUM(number, …)", "Added up; takes lists such as lines.net, and empty values do not count")
def total(*numbers: Any) -> Decimal:
    return values.bounded(sum(_numbers(numbers), Decimal(0)))


@function("NUMBER(text, point)", "Text as a number; `point` is the decimal mark where it is not a point")
def to_number(value: Any, point: Any = ".") -> Decimal:
    return values.number(value, point=values.text(point) or ".")


def _numbers(given: Any) -> Iterator[Decimal]:
    for value in given:
        if isinstance(value, list | tuple):
            yield from _numbers(value)
        elif not values.is_empty(value):
            yield values.number(value)


# --- Text ---


@function("CONCAT(value, …)", "One text after the other; the same as &")
def concat(*parts: Any) -> str:
    return values.short("".join(values.text(part) for part in parts))


@function("JOIN(between, value, …)", "Texts with something between them; empty ones are left out")
def join(between: Any, *parts: Any) -> str:
    flat = [one for part in parts for one in (part if isinstance(part, list | tuple) else [part])]
    return values.short(values.text(between).join(values.text(one) for one in flat if not values.is_empty(one)))


@function("UPPER(text)", "In capitals")
def upper(value: Any) -> str:
    return values.text(value).upper()


@function("LOWER(text)", "In small letters")
def lower(value: Any) -> str:
    return values.text(value).lower()


@function("TRIM(text)", "Without spaces at both ends, and single ones between words")
def trim(value: Any) -> str:
    return " ".join(values.text(value).split())


@function("LEFT(text, count)", "Its first characters")
def left(value: Any, count: Any = 1) -> str:
    return values.text(value)[: max(values.whole(count), 0)]


@function("RIGHT(text, count)", "Its last characters")
def right(value: Any, count: Any = 1) -> str:
    wanted = values.whole(count)
    return values.text(value)[-wanted:] if wanted > 0 else ""


@function("LEN(value)", "How many characters, or how many elements")
def length(value: Any) -> Decimal:
    return Decimal(len(value) if isinstance(value, list | tuple) else len(values.text(value)))


@function("CONTAINS(text, part)", "Whether the part occurs in it, in any case; for lists, whether it is an element")
def contains(value: Any, part: Any) -> bool:
    if isinstance(value, list | tuple):
        return part in value
    return values.text(part).casefold() in values.text(value).casefold()


@function("REPLACE(text, old, new)", "With every `old` replaced")
def replace(value: Any, old: Any, new: Any) -> str:
    whole, out, into = values.text(value), values.text(old), values.text(new)
    if not out:
        raise Trouble("REPLACE needs to know what to replace.", "Give the text that is to go.")
    if len(whole) + whole.count(out) * len(into) > 2 * values.TEXT_LIMIT:
        raise Trouble("Replacing would make the text too long.", "Replace it by something shorter.")
    return values.short(whole.replace(out, into))


@function("TEXT(value, format)", "As text: TEXT(total, 2) is 12.50, TEXT(date, 'DD.MM.YYYY') is 30.11.2026")
def to_text(value: Any, form: Any = None) -> str:
    if form is None:
        return values.text(value)
    if values.is_number(form):
        return values.text(rounded(value, form))
    day = values.date(value)
    parts = {"YYYY": f"{day.year:04}", "YY": f"{day.year % 100:02}", "MM": f"{day.month:02}", "DD": f"{day.day:02}"}
    made = values.text(form)
    for mark, part in parts.items():
        made = made.replace(mark, part)
    return made


@function("ENTRY(name, value)", "A named value, for a target that takes names and values")
def entry(name: Any, value: Any) -> dict[str, Any]:
    return {values.text(name): value}


# --- Dates ---


@function("DATE(value) or DATE(year, month, day)", "A day")
def to_date(value: Any, month: Any = None, day: Any = None) -> dt.date:
    if month is None and day is None:
        return values.date(value)
    try:
        return dt.date(values.whole(value), values.whole(month), values.whole(day))
    except (ValueError, OverflowError):
        parts = f"{value}-{month}-{day}"
        raise Trouble(f"{parts} is not a day.", "Check year, month and day.", value=parts) from None


@function("ADD_DAYS(date, days)", "So many days later, or earlier with a minus")
def add_days(value: Any, days: Any) -> dt.date:
    try:
        return values.date(value) + dt.timedelta(days=values.whole(days))
    except OverflowError:
        raise Trouble(f"{days} days lead out of the calendar.", "Check the number of days.", value=days) from None


@function("DAYS(end, start)", "How many days lie between")
def days_between(end: Any, start: Any) -> Decimal:
    return Decimal((values.date(end) - values.date(start)).days)


@function("YEAR(date)", "Its year")
def year(value: Any) -> Decimal:
    return Decimal(values.date(value).year)


@function("MONTH(date)", "Its month, 1 to 12")
def month(value: Any) -> Decimal:
    return Decimal(values.date(value).month)


@function("DAY(date)", "Its day of the month")
def day(value: Any) -> Decimal:
    return Decimal(values.date(value).day)


@function("LOOKUP(table, key, otherwise)", "The row of a lookup table; `otherwise` where it has none")
def lookup(table: Any, key: Any, otherwise: Any = None) -> Any:
    """As it stands without tables; a formula is given one that knows them."""
    return look_up({}, table, key, otherwise)
