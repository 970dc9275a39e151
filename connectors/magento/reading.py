"""Reading Magento's values: absent and null are alike, numbers may be of any JSON kind, texts may hold HTML entities."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision

from connectors.documents import ZERO, Raw
from connectors.errors import Rejected

STAMP = "%Y-%m-%d %H:%M:%S"
"""Magento's instants: UTC, without a zone mark, whole seconds."""


def money(value: Any) -> Decimal:
    """Exact, also where a stored answer comes back with floats: those are read as their shortest text."""
    if value in (None, ""):
        return ZERO
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise Rejected(f"Magento sent {value!r} where an amount belongs", code="bad_amount") from None


def text(value: Any) -> str:
    """Decoded once: themes and modules store `&amp;` where they mean `&`."""
    return "" if value is None else html.unescape(str(value)).strip()


def instant(value: Any) -> dt.datetime:
    """Magento's stamp, or ISO 8601 with a zone, as an aware instant in UTC."""
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise Rejected(f"Magento sent {value!r} where a date belongs", code="bad_date") from None
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


def stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime(STAMP)


def named(record: Raw, name: str) -> Any:
    """A field that some versions keep at the top and others in `extension_attributes`."""
    value = record.get(name)
    return extension(record).get(name) if value is None else value


def amount(record: Raw, name: str) -> Decimal:
    return money(named(record, name))


def extension(record: Raw) -> Mapping[str, Any]:
    """PHP prints an empty map as `[]`."""
    found = record.get("extension_attributes")
    return found if isinstance(found, Mapping) else {}


def rows(value: Any) -> list[Raw]:
    """A list of records; null, an absent key and PHP's empty map mean none."""
    return [row for row in value or () if isinstance(row, dict)]


def id_of(value: Any) -> str:
    """Ids come as 12, "12" and, from some stores of JSON, 12.0."""
    return (
        "" if value in (None, "", 0, "0") else str(int(value) if isinstance(value, float | Decimal) else value).strip()
    )


def rounded(value: Decimal, currency: str) -> Decimal:
    """To the currency's minor units, yet never fewer than two: Magento's core rounds every currency to two places
    (PriceCurrency::round), so the yen too may carry them."""
    places = max(2, get_currency_precision(currency))
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def apportioned(whole: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`whole` split as the weights say, each share rounded; what rounding leaves goes to the largest share."""
    total = sum(weights, ZERO)
    shares = [rounded(whole * weight / total, currency) for weight in weights]
    largest = max(range(len(weights)), key=lambda index: abs(weights[index]))
    shares[largest] += whole - sum(shares, ZERO)
    return shares


def total(records: Iterable[Raw], name: str) -> Decimal:
    return sum((amount(record, name) for record in records), ZERO)
