"""What stands above the lines of a drawn document: labels and values, without what only machines need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from hub.admin.words import amount_of, day, heading, money

ASIDE = {"lines", "total", "currency", "number", "tax_total"}
"""Drawn in a place of their own."""
TECHNICAL = {
    "id", "store_id", "customer_id", "client_id", "invoice_id", "order_id", "placed_at", "updated_at", "refunded_at",
    "timezone", "base_currency", "base_rate", "guest", "prices_include_tax", "stage", "attributes", "region_code",
    "shipping_method", "external_id", "doubt", "in_all", "paid",
}  # fmt: skip
"""Of no use to a bookkeeper; the raw answer has it all."""
MONEY = {
    "amount", "total", "net", "unit_price", "discount", "tax_total", "discount_total", "refunded", "residual", "price",
}  # fmt: skip
TALKATIVE = ("date", "number", "name", "method_name", "method", "type", "marker", "amount", "total")
"""What is said of a payment, refund or tender in one line, in this order."""
INSTEAD = {"payment_method": "payment_method_name", "method": "method_name"}
"""A code → the name that is said in its place, where there is one."""

Rows = list[tuple[str, str]]


def rows(document: Mapping[str, Any]) -> Rows:
    currency = str(document.get("currency") or "")
    return [(label, text) for label, text in _rows(document, currency) if text]


def lists(document: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Payments, refunds and the like: a title, with one line of words for each entry."""
    currency = str(document.get("currency") or "")
    found = ((name, value) for name, value in document.items() if name != "lines" and isinstance(value, list))
    return [(heading(name), [talk(one, currency) for one in value]) for name, value in found if value]


def talk(entry: Any, currency: str) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    said = (said_value(key, entry[key], currency) for key in TALKATIVE if entry.get(key) and not _named(key, entry))
    return " · ".join(said)


def said_value(name: str, value: Any, currency: str) -> str:
    """One value as a person writes it: an amount with its currency, a date with its month, an address in one line."""
    if value in (None, "", False):
        return ""
    if isinstance(value, Mapping):
        return _address(value)
    if name in MONEY:
        amount = amount_of(value)
        return str(value) if amount is None else money(amount, currency) if amount else ""
    return "yes" if value is True else _dated(str(value))


def _rows(document: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    told: dict[str, str] = {}
    for name, value in document.items():
        if name in ASIDE | TECHNICAL or isinstance(value, list | tuple) or _named(name, document):
            continue
        if name == "first_name":
            yield "Name", full_name(document)
        elif name != "last_name":
            text = said_value(name, value, currency)
            same = told.get(text) if isinstance(value, Mapping) else None
            told.setdefault(text, heading(name))
            yield heading(name), f"the same as the {same[0].lower()}{same[1:]}" if same and text else text


def _named(name: str, document: Mapping[str, Any]) -> bool:
    return bool(document.get(INSTEAD.get(name, "")))


def full_name(document: Mapping[str, Any]) -> str:
    return " ".join(str(document[part]) for part in ("first_name", "last_name") if document.get(part))


def _address(address: Mapping[str, Any]) -> str:
    rest = (
        str(part)
        for name, part in address.items()
        if part and name not in TECHNICAL | {"first_name", "last_name"} and not isinstance(part, Mapping | list)
    )
    return ", ".join(part for part in (full_name(address), *rest) if part)


def _dated(text: str) -> str:
    try:
        return day(dt.date.fromisoformat(text)) if len(text) == len("2026-03-14") else text
    except ValueError:
        return text
