"""A document drawn for people, like the paper it stands for: heading, lines, taxes and total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hub.admin import sheet_facts
from hub.admin.words import amount_of, figure, money

ZERO = Decimal(0)


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
    worth: str = ""
    """What it is about in one figure, for a folded sheet."""


def sheet(title: str, document: Mapping[str, Any]) -> Sheet:
    """`document` is a source's or the books' document as JSON."""
    currency = str(document.get("currency") or "")
    lines = [line for line in document.get("lines") or () if isinstance(line, Mapping)]
    net = sum((_net(line) for line in lines), ZERO)
    tax = sum((_tax(line) for line in lines), ZERO)
    total = _money(document.get("total"), currency)
    return Sheet(
        title=title,
        number=str(document.get("number") or document.get("sku") or ""),
        rows=sheet_facts.rows(document),
        lines=[_line(line, currency) for line in lines],
        lists=sheet_facts.lists(document),
        net=money(net, currency) if lines else "",
        tax=money(tax, currency) if tax else "",
        total=total,
        worth=total or _money(document.get("amount"), currency),
    )


def _money(value: Any, currency: str) -> str:
    """What is no number, such as an amount with its currency, is said as it stands."""
    amount = amount_of(value)
    return str(value or "") if amount is None else money(amount, currency)


def _line(line: Mapping[str, Any], currency: str) -> SheetLine:
    quantity = amount_of(line.get("quantity", 1)) or Decimal(1)
    return SheetLine(
        name=str(line.get("name") or line.get("sku") or ""),
        description=str(line.get("description") or ""),
        quantity=f"{quantity.normalize():f}",
        unit_price=figure(amount_of(line.get("unit_price", 0)), currency),
        taxes=", ".join(_tax_words(tax, currency) for tax in line.get("taxes") or ()),
        amount=figure(_net(line), currency),
    )


def _net(line: Mapping[str, Any]) -> Decimal:
    """A source's line says its net; a line of the books is quantity × price."""
    if "net" in line:
        return amount_of(line["net"]) or ZERO
    return (amount_of(line.get("quantity", 1)) or ZERO) * (amount_of(line.get("unit_price", 0)) or ZERO)


def _tax(line: Mapping[str, Any]) -> Decimal:
    return sum((amount_of(tax.get("amount")) or ZERO for tax in line.get("taxes") or ()), ZERO)


def _tax_words(tax: Mapping[str, Any], currency: str) -> str:
    name = str(tax.get("name", "Tax"))
    share = _share(amount_of(tax.get("percent", tax.get("rate"))), name)
    return f"{name}{share} = {figure(amount_of(tax.get('amount')), currency)}"


def _share(percent: Decimal | None, name: str) -> str:
    """Not once more where the tax's own name says it already."""
    if percent is None or f"{percent.normalize():f}%" in name.replace(" ", ""):
        return ""
    return f"{' at' if '%' in name else ''} {percent.normalize():f} %"
