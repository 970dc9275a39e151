"""Lines of invoices and credit notes: text and percentages in, amounts without tax and discount out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from connectors.freshbooks.sandbox import refusals
from connectors.freshbooks.sandbox.account import Account
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.money import ZERO, amount_of, plain
from connectors.freshbooks.sandbox.tables import Row
from connectors.freshbooks.sandbox.totals import Taxed

NEVER_SET: Row = {
    "basecampid": 0,
    "date": None,
    "modern_project_id": None,
    "modern_time_entries": [],
    "retainer_id": None,
    "retainer_period_id": None,
}


def read_lines(body: Body, currency: str, account: Account) -> list[Row]:
    """The whole array: an update replaces every line."""
    given = body.given.get("lines")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise body.refuse(refusals.MAPPING_TYPE, "lines", "'lines' must be a list.")
    return [
        _read_line(Body(one, "line", body.switch), number, currency, account) for number, one in enumerate(given, 1)
    ]


def shown_lines(row: Row, updated: str) -> list[Row]:
    owner = {"invoiceid": row["invoiceid"]} if "invoiceid" in row else {"creditid": row["creditid"]}
    return [{**line, **owner, "updated": updated} for line in row["_lines"]]


def taxed(lines: Iterable[Row]) -> list[Taxed]:
    return [
        Taxed(
            Decimal(line["qty"]) * amount_of(line["unit_cost"]),
            tuple((line[f"taxName{n}"] or "", Decimal(line[f"taxAmount{n}"])) for n in (1, 2)),
            line["compounded_tax"],
        )
        for line in lines
    ]


def description_of(lines: list[Row]) -> str:
    """A document shows its first line's description as its own."""
    return str(lines[0]["description"]) if lines else ""


def _read_line(body: Body, number: int, currency: str, account: Account) -> Row:
    quantity, price = body.decimal("qty", default="1"), body.money_in("unit_cost", currency)
    cents = account.cents(currency)
    if account.switch["price_decimals"] == "round":
        price = cents(price)
    if quantity * price < ZERO and account.switch["negative_lines"] == "refuse":
        raise body.refuse(refusals.NEGATIVE, "unit_cost", "'unit_cost' must not be negative.")
    return {
        **NEVER_SET,
        "lineid": number,
        "taskno": number,
        "type": body.integer("type") if "type" in body else 0,
        "expenseid": body.id("expenseid"),
        "name": body.text("name") or "",
        "description": body.text("description", short=False) or "",
        "qty": plain(quantity),
        "unit_cost": {"amount": _at_least_cents(price, cents(price)), "code": currency},
        "amount": cents.money(quantity * price),
        "compounded_tax": body.flag("compounded_tax") and account.switch["compounded_tax"] == "charge",
        **_taxes(body, account),
    }


def _taxes(body: Body, account: Account) -> Mapping[str, Any]:
    names = [body.text("taxName1"), body.text("taxName2")]
    if names[0] and names[0] == names[1]:
        raise body.refuse(refusals.SAME_TAX_TWICE, "taxName2", f"The tax '{names[0]}' is on the line twice.")
    fields: dict[str, Any] = {}
    for n, name in enumerate(names, 1):
        stored = account.tables["taxes"].find("name", name) if name else []
        fields[f"taxName{n}"] = name
        fields[f"taxAmount{n}"] = plain(body.percent(f"taxAmount{n}"))
        fields[f"taxNumber{n}"] = stored[0]["number"] if stored else None
    return fields


def _at_least_cents(price: Decimal, rounded: Decimal) -> str:
    return format(rounded if rounded == price else price, "f")
