"""Reading BigCommerce's values: V2 writes amounts as text with four places and dates as RFC 2822, V3 writes numbers and
ISO 8601; absent, null, "" and {} are alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any

from babel.numbers import get_currency_precision

from connectors.documents import ZERO, Raw
from connectors.errors import Rejected

NOTHING: tuple[Any, ...] = (None, "", {}, [])


def money(value: Any) -> Decimal:
    """Exact, whether it came as text, as a number, or as a float out of a store of JSON."""
    if value in NOTHING:
        return ZERO
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Rejected(f"BigCommerce sent {value!r} where an amount belongs", code="bad_amount")
    return found


def amount(record: Raw, name: str) -> Decimal:
    return money(record.get(name))


def stated(record: Raw, name: str) -> bool:
    """Older captures lack what was added to the API later."""
    return record.get(name) not in NOTHING


def text(value: Any) -> str:
    return "" if value in NOTHING else str(value).strip()


def id_of(value: Any) -> str:
    """Ids come as 12, "12" and, from some stores of JSON, 12.0; 0 and "0" name nothing."""
    found = text(int(value) if isinstance(value, float | Decimal) else value)
    return "" if found == "0" else found


def instant(value: Any) -> dt.datetime:
    """RFC 2822 or ISO 8601, as an aware instant in UTC; a naive one is UTC already."""
    written = text(value)
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
        except ValueError:
            continue
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    raise Rejected(f"BigCommerce sent {value!r} where a date belongs", code="bad_date")


def rows(value: Any) -> list[Raw]:
    """A list of records, bare or in V3's envelope."""
    found = value.get("data") if isinstance(value, dict) else value
    return [row for row in found or () if isinstance(row, dict)]


def record(value: Any) -> Raw:
    """A nested record; `[]` and null stand for none."""
    return value if isinstance(value, dict) else {}


def rounded(value: Decimal, currency: str) -> Decimal:
    """To the currency's minor units, yet never fewer than two places: a store may be set to show cents of any."""
    places = max(2, get_currency_precision(currency))
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def rounded_together(amounts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Each up or down to what can be paid, so that they come to their sum, rounded: up those that are nearest to it."""
    whole = rounded(sum(amounts, ZERO), currency)
    unit = Decimal(1).scaleb(int(whole.as_tuple().exponent))
    floors = [amount.quantize(unit, ROUND_FLOOR) for amount in amounts]
    nearest = sorted(range(len(amounts)), key=lambda index: floors[index] - amounts[index])
    up = nearest[: int((whole - sum(floors, ZERO)) / unit)]
    return [floor + unit if index in up else floor for index, floor in enumerate(floors)]


def apportioned(whole: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`whole` split as the weights say, each share rounded; what rounding leaves goes to the largest share."""
    total = sum(weights, ZERO)
    shares = [rounded(whole * weight / total, currency) for weight in weights]
    largest = max(range(len(weights)), key=lambda index: abs(weights[index]))
    shares[largest] += whole - sum(shares, ZERO)
    return shares


def total(records: Iterable[Raw], name: str) -> Decimal:
    return sum((amount(one, name) for one in records), ZERO)
