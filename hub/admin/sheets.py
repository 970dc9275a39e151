"""A document drawn for people, like the paper it stands for: heading, lines, taxes and total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hub.admin.words import amount_of, heading, money

ZERO = Decimal(0)
ASIDE = {"lines", "total", "currency", "number", "tax_total"}
"""Drawn in a place of their own."""
TECHNICAL = {
    "id", "store_id", "customer_id", "order_id", "placed_at", "updated_at", "refunded_at", "timezone", "base_currency",
    "base_rate", "guest", "prices_include_tax", "stage", "attributes",
}  # fmt: skip
"""Of no use to a bookkeeper; the raw answer has it all."""
MONEY = {"amount", "total", "net", "unit_price", "discount", "tax_total", "discount_total", "residual", "price"}
TALKATIVE = ("date", "number", "name", "method_name", "method", "type", "marker", "amount", "total")
"""What is said of a payment, refund or tender in one line, in this order."""


@dataclass(frozen=True)
class SheetLine:
    name: str
    description: str
    quantity: str
    unit_price: str
    taxes: str
    amount: str


@dataclass(frozen=True)
class Sheet:
    """`rows` are the heading's labels and values; `lists` are titles with one line of words for each entry."""

    title: str
    number: str
    rows: list[tuple[str, str]]
    lines: list[SheetLine]
    lists: list[tuple[str, list[str]]] = field(default_factory=list)
    net: str = ""
    tax: str = ""
    total: str = ""


def sheet(title: str, document: Mapping[str, Any]) -> Sheet:
    """`document` is a source's or the books' document as JSON."""
    currency = str(document.get("currency") or "")
    lines = [line for line in document.get("lines") or () if isinstance(line, Mapping)]
    net = sum((_net(line) for line in lines), ZERO)
    tax = sum((_tax(line) for line in lines), ZERO)
    return Sheet(
        title=title,
        number=str(document.get("number") or document.get("sku") or ""),
        rows=[(heading(name), text) for name, value in document.items() if (text := _row(name, value, currency))],
        lines=[_line(line, currency) for line in lines],
        lists=[(heading(name), [_talk(one, currency) for one in value]) for name, value in _lists(document)],
        net=money(net, currency) if lines else "",
        tax=money(tax, currency) if tax else "",
        total=_money(document.get("total"), currency),
    )


def _money(value: Any, currency: str) -> str:
    """What is no number, such as an amount with its currency, is said as it stands."""
    amount = amount_of(value)
    return str(value or "") if amount is None else money(amount, currency)


def _row(name: str, value: Any, currency: str) -> str:
    if name in ASIDE | TECHNICAL or value in (None, "", False) or isinstance(value, list | tuple):
        return ""
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part and not isinstance(part, Mapping | list))
    if name in MONEY:
        amount = amount_of(value)
        return money(amount, currency) if amount else ""
    return "yes" if value is True else str(value)


def _line(line: Mapping[str, Any], currency: str) -> SheetLine:
    quantity = amount_of(line.get("quantity", 1)) or Decimal(1)
    return SheetLine(
        name=str(line.get("name") or line.get("sku") or ""),
        description=str(line.get("description") or ""),
        quantity=f"{quantity.normalize():f}",
        unit_price=money(amount_of(line.get("unit_price", 0))),
        taxes=", ".join(_tax_words(tax) for tax in line.get("taxes") or ()),
        amount=money(_net(line)),
    )


def _net(line: Mapping[str, Any]) -> Decimal:
    """A source's line says its net; a line of the books is quantity × price."""
    if "net" in line:
        return amount_of(line["net"]) or ZERO
    return (amount_of(line.get("quantity", 1)) or ZERO) * (amount_of(line.get("unit_price", 0)) or ZERO)


def _tax(line: Mapping[str, Any]) -> Decimal:
    return sum((amount_of(tax.get("amount")) or ZERO for tax in line.get("taxes") or ()), ZERO)


def _tax_words(tax: Mapping[str, Any]) -> str:
    percent = amount_of(tax.get("percent", tax.get("rate")))
    share = f" {percent.normalize():f} %" if percent is not None else ""
    return f"{tax.get('name', 'Tax')}{share} = {money(amount_of(tax.get('amount')))}"


def _lists(document: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    return [(name, value) for name, value in document.items() if name != "lines" and isinstance(value, list) and value]


def _talk(entry: Any, currency: str) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    said = (
        money(amount_of(entry[key]), currency) if key in MONEY else str(entry[key])
        for key in TALKATIVE
        if entry.get(key)
    )
    return " · ".join(said)
