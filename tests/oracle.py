"""Computes the books from the trade itself, and compares. Shares no code with the engine: it reads the store's own
expectations and the books' own records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LOST, DUPLICATED, WRONG = "lost", "duplicated", "wrong"
TAX_CENTS = Decimal("0.05")
"""Books that tax by percentage may share the cents out otherwise; what an invoice is over is compared exactly."""
Row = Mapping[str, Any]
Books = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """Something is lost, duplicated or wrong; which and how, in a sentence."""

    kind: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.sentence}"


def violations(expected: Iterable[Row], books: Books, prefix: str = "", edited: Collection[str] = ()) -> list[str]:
    """Every difference in a sentence; an empty list is agreement."""
    wanted = {prefix + order["increment_id"]: order for order in expected}
    return [found.sentence for found in differences(wanted, books, edited)]


def differences(wanted: Mapping[str, Row], books: Books, edited: Collection[str] = ()) -> Iterator[Finding]:
    """Between what the books should hold and what they hold. `wanted`: invoice number → the store's expectation.
    `edited` are the numbers of which a person had an edit adjusted, or credited and invoiced again: only these may have
    further invoices, and credit notes that are no refunds."""
    by_number: dict[str, list[Row]] = {number: [] for number in wanted}
    for invoice in _living(books["invoices"]):
        by_number.setdefault(_order_of(invoice["invoice_number"], edited), []).append(invoice)
    for number, invoices in by_number.items():
        if number not in wanted:
            yield Finding(WRONG, f"{number} is nobody's order")
        else:
            yield from _order(number, wanted[number], invoices, books, number in edited)


def doubles(books: Books) -> Iterator[Finding]:
    """What there may be only one of in the whole of the books."""
    for what, table, key in (
        ("payment", "payments", lambda row: row["note"].rpartition("[")[2]),
        ("credit note", "credit_notes", lambda row: row["credit_number"]),
        ("client", "clients", lambda row: row["email"].lower()),
        ("item", "items", lambda row: row["sku"]),
    ):
        for value, count in Counter(map(key, _living(books[table]))).items():
            if count > 1:
                yield Finding(DUPLICATED, f"the {what} {value} is in the books {count} times")


def hearsay(expected: Iterable[Row], told: Mapping[str, list[str]]) -> Iterator[Finding]:
    """What a store was told of its orders: of each that was booked, once."""
    for order in expected:
        said = told[order["increment_id"]]
        if order["expected"] == "posted" and not said:
            yield Finding(LOST, f"the store was told nothing of {order['increment_id']}")
        if len(said) > len(set(said)):
            yield Finding(DUPLICATED, f"the store was told twice of {order['increment_id']}: {said}")


def unaccounted(expected: Iterable[Row], records: Mapping[str, str]) -> Iterator[Finding]:
    """Every order must stand in the hub as what it is. `records`: number → state, with its reason where there is one."""
    for order in expected:
        state = records.get(order["increment_id"])
        if state is None:
            yield Finding(LOST, f"the hub has never heard of {order['increment_id']}")
        elif state != order["expected"]:
            yield Finding(WRONG, f"{order['increment_id']} should be {order['expected']}, but is {state}")


def overlooked(expected: Iterable[Row], findings: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """What is odd about an order must stand beside it, and nothing else. `findings`: number → reasons with amounts."""
    for order in expected:
        wanted, got = (_worth(rows) for rows in (order["expected_findings"], findings.get(order["increment_id"], [])))
        if wanted != got:
            yield Finding(WRONG, f"of {order['increment_id']} the hub finds {got or 'nothing'} instead of {wanted}")


def _worth(rows: Iterable[Row]) -> list[tuple[str, Decimal]]:
    return sorted((row["reason"], Decimal(row["amount"])) for row in rows)


def _order(number: str, order: Row, invoices: list[Row], books: Books, edited: bool) -> Iterator[Finding]:
    called = f"{number} ({order['kind']})"
    for again, count in Counter(invoice["invoice_number"] for invoice in invoices).items():
        if count > 1:
            yield Finding(DUPLICATED, f"{called} was invoiced {count} times as {again}")
    if order["expected"] != "posted":
        if invoices:
            yield Finding(WRONG, f"{number} should be {order['expected']}, but was invoiced")
    elif not invoices:
        yield Finding(LOST, f"{called} is missing")
    else:
        corrected = [row for row in _living(books["credit_notes"]) if edited and _corrects(row, number)]
        yield from _invoiced(called, order, number, invoices, corrected)
        ids = {invoice["id"] for invoice in invoices}
        paid = _undivided([row for row in _living(books["payments"]) if row["invoiceid"] in ids])
        tendered = [{**tender, "date": None} for tender in order["expected_tenders"]]
        yield from _many(f"{called} payments", [*order["expected_payments"], *tendered], paid, "date")
        told = [f"invoice {invoice['invoice_number']}." for invoice in invoices]
        about = (row for row in _living(books["credit_notes"]) if any(one in (row.get("notes") or "") for one in told))
        credits = [row for row in about if row not in corrected]
        yield from _many(f"{called} credit notes", order["expected_refunds"], credits, "create_date")


def _undivided(payments: list[Row]) -> list[Row]:
    """A payment that pays several invoices of an edited order is one: its marks name the invoice, then the payment."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in payments:
        found.setdefault((row["note"].rpartition("/")[2], row["date"]), []).append(row)
    return [{**rows[0], "amount": {**rows[0]["amount"], "amount": str(_amount(rows))}} for rows in found.values()]


def _order_of(number: str, edited: Collection[str]) -> str:
    """An edit makes further invoices of an order: 15-A1 beside its first, 15-R1 in its place."""
    first = re.sub(r"-[AR]\d+$", "", number)
    return first if first in edited else number


def _corrects(credit: Row, number: str) -> bool:
    return re.fullmatch(rf"{re.escape(number)}-[AC]\d+", credit["credit_number"]) is not None


def _invoiced(called: str, order: Row, number: str, invoices: list[Row], corrected: list[Row]) -> Iterator[Finding]:
    """All invoices of an order, less the credit notes that its edits made, are what it is worth."""
    total, currency = Decimal(order["expected_total"]), order["currency"]
    once = list({invoice["invoice_number"]: invoice for invoice in invoices}.values())
    booked = _amount(once) - _amount(corrected)
    if booked != total:
        yield Finding(WRONG, f"{called} is over {booked} instead of {total}")
    for invoice in invoices:
        if invoice["currency_code"] != currency:
            yield Finding(WRONG, f"{called} is in {invoice['currency_code']} instead of {currency}")
        if invoice["invoice_number"] == number and invoice["create_date"] != order["date"]:
            yield Finding(WRONG, f"{called} is dated {invoice['create_date']} instead of {order['date']}")
    tax, wanted = sum(map(_tax, once)) - sum(map(_tax, corrected)), Decimal(order.get("expected_tax") or 0)
    if "expected_tax" in order and abs(tax - wanted) > TAX_CENTS:
        yield Finding(WRONG, f"{called} has {tax:.2f} of tax instead of {wanted}")


def _amount(rows: list[Row]) -> Decimal:
    return sum((Decimal(row["amount"]["amount"]) for row in rows), Decimal(0))


def _tax(document: Row) -> Decimal:
    """A line has up to two percentages."""
    percent = (
        Decimal(line["amount"]["amount"]) * Decimal(line[f"taxAmount{slot}"] or 0)
        for line in document["lines"]
        for slot in (1, 2)
        if line.get(f"taxName{slot}")
    )
    return sum(percent, Decimal(0)) / 100


def _many(what: str, wanted: list[Row], got: list[Row], dated: str) -> Iterator[Finding]:
    """As many, over the same amounts, on the same days; a tender's day is nowhere written."""
    amounts = sorted(Decimal(one.get("amount") or one["total"]) for one in wanted)
    booked = sorted(Decimal(row["amount"]["amount"]) for row in got)
    if amounts != booked:
        kind = LOST if len(booked) < len(amounts) else DUPLICATED if len(booked) > len(amounts) else WRONG
        yield Finding(kind, f"{what}: {_text(booked)} instead of {_text(amounts)}")
        return
    days = Counter(one["date"] for one in wanted if one["date"])
    if days - Counter(row[dated] for row in got):
        yield Finding(WRONG, f"{what} are dated {sorted(row[dated] for row in got)} instead of {sorted(days)}")


def _text(amounts: list[Decimal]) -> str:
    return ", ".join(map(str, amounts)) or "nothing"


def _living(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.get("vis_state", 0) == 0]
