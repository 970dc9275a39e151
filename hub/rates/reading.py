"""Rates as banks publish them, as values. Four shapes: ECB's XML; a CSV with the columns date, from, to, rate (and
source); ECB's CSV with a column for each currency; and JSON. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

from hub.accounting.rates import Quote

EURO = "EUR"
"""What the European Central Bank's rates are from; neither of its formats says so."""
NOTHING = ("", "N/A")
"""What stands where a currency had no rate on a day."""
CODE = re.compile(r"[A-Z]{3}")
LARGEST = Decimal(10) ** 12


class Unreadable(ValueError):
    """The sentence says what is wrong, and where."""


def read_rates(body: bytes, source: str) -> list[Quote]:
    """`source` is who tells, where the rows do not say. Raises Unreadable."""
    text = body.decode("utf-8-sig", "replace").strip()
    if not text:
        raise Unreadable("it is empty")
    if text.startswith("<"):
        return list(_from_xml(text, source))
    return list(_from_json(text, source) if text[0] in "{[" else _from_csv(text, source))


def _from_xml(text: str, source: str) -> Iterator[Quote]:
    """Cube elements: one with a time for each day, in it one with currency and rate for each currency."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # bombs are made of these, and rates never are
        raise Unreadable("it holds a document type, which no list of rates needs")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise Unreadable(f"it is no XML: {error}") from None
    days = [one for one in root.iter() if one.get("time")]
    if not days:
        raise Unreadable("it is XML, but none that the European Central Bank would publish: no Cube has a time")
    for day in days:
        for one in day.iter():
            if one.get("currency"):
                yield _quote(day.get("time"), EURO, one.get("currency"), one.get("rate"), source)


def _from_csv(text: str, source: str) -> Iterator[Quote]:
    head, *rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ","))
    names = [name.strip() for name in head]
    if {"date", "from", "to", "rate"} <= {name.lower() for name in names}:
        columns = [name.lower() for name in names]
        yield from (_of_row(dict(zip(columns, row, strict=False)), source) for row in rows if any(row))
    elif names[0].lower() == "date" and any(map(CODE.fullmatch, names[1:])):
        yield from (quote for row in rows for quote in _wide(names, row, source))
    else:
        raise Unreadable(f"its first line must be date, from, to, rate, source; it is {', '.join(names)}")


def _wide(names: Sequence[str], row: Sequence[str], source: str) -> Iterator[Quote]:
    for name, rate in zip(names[1:], row[1:], strict=False):
        if name and rate.strip() not in NOTHING:
            yield _quote(row[0].strip(), EURO, name, rate.strip(), source)


def _from_json(text: str, source: str) -> Iterator[Quote]:
    """`{"base": "EUR", "date": "2026-03-02", "rates": {"USD": 1.08}}`, or rows with date, from, to and rate."""
    try:
        found = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise Unreadable(f"it is no JSON: {error}") from None
    if isinstance(found, Mapping) and isinstance(found.get("rates"), Mapping):
        for currency, rate in found["rates"].items():
            yield _quote(found.get("date"), found.get("base") or EURO, currency, rate, source)
        return
    rows = found.get("rates") if isinstance(found, Mapping) else found
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Unreadable(
            "it is JSON, but neither a base with its rates nor a list of rows with date, from, to and rate"
        )
    yield from _of_rows(rows, source)


def _of_rows(rows: Iterable[Mapping[str, Any]], source: str) -> Iterator[Quote]:
    return (_of_row(row, source) for row in rows)


def _of_row(row: Mapping[str, Any], source: str) -> Quote:
    said = str(row.get("source") or "").strip() or source
    return _quote(row.get("date"), row.get("from"), row.get("to"), row.get("rate"), said)


def _quote(date: Any, base: Any, currency: Any, rate: Any, source: str) -> Quote:
    told = f"{date}, {base} to {currency}, {rate}"
    codes = [str(one or "").strip().upper() for one in (base, currency)]
    for code in codes:
        if not CODE.fullmatch(code):
            raise Unreadable(f"{code!r} is no currency ({told}); write its three letters, such as USD")
    if codes[0] == codes[1]:
        raise Unreadable(f"it has a rate from {codes[0]} to itself ({told})")
    return Quote(_date(date, told), codes[0], codes[1], _number(rate, told), source[:100])


def _date(value: Any, told: str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value or "").strip()[:10])
    except ValueError:
        raise Unreadable(f"{value!r} is no date ({told}); write it as 2026-03-02") from None


def _number(value: Any, told: str) -> Decimal:
    try:
        rate = Decimal(str(value).strip())
        kept = rate.quantize(Decimal("1e-12")) if 0 < rate < LARGEST else Decimal(0)
    except InvalidOperation:
        raise Unreadable(f"{value!r} is no rate ({told}); write a number such as 1.0837") from None
    if kept <= 0:
        raise Unreadable(f"a rate is more than nothing, and less than {LARGEST:,} ({told})")
    return kept
