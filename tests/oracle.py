"""Computes the books from the trade itself, and compares. Shares no code with the engine: it reads the store's own
expectations and the books' own records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any


def violations(expected: Iterable[Mapping[str, Any]], books: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Every difference in a sentence; an empty list is agreement."""
    invoices = _living(books["invoices"])
    found = [f"{number} was invoiced {count} times" for number, count in _numbers(invoices).items() if count > 1]
    by_number = {invoice["invoice_number"]: invoice for invoice in invoices}
    wanted = {prefix + order["increment_id"]: order for order in expected}
    for number, order in wanted.items():
        found += _order(number, order, by_number.get(number), books)
    found += [f"{number} is nobody's order" for number in by_number if number not in wanted]
    return found


def _order(
    number: str, order: Mapping[str, Any], invoice: Mapping[str, Any] | None, books: Mapping[str, Any]
) -> list[str]:
    if order["expected"] != "posted":
        return [f"{number} should be {order['expected']}, but was invoiced"] if invoice else []
    if invoice is None:
        return [f"{number} ({order['kind']}) is missing"]
    found = []
    total = Decimal(order["expected_total"])
    if Decimal(invoice["amount"]["amount"]) != total:
        found.append(f"{number} ({order['kind']}) is over {invoice['amount']['amount']} instead of {total}")
    if invoice["currency_code"] != order["currency"]:
        found.append(f"{number} is in {invoice['currency_code']} instead of {order['currency']}")
    paid = [Decimal(p["amount"]["amount"]) for p in _living(books["payments"]) if p["invoiceid"] == invoice["id"]]
    wanted = [*order["expected_payments"], *order["expected_tenders"]]
    found += _differs(f"{number} ({order['kind']}) payments", wanted, paid)
    credits = [
        Decimal(note["amount"]["amount"])
        for note in _living(books["credit_notes"])
        if f"invoice {number}." in (note.get("notes") or "")
    ]
    found += _differs(f"{number} ({order['kind']}) credit notes", order["expected_refunds"], credits)
    return found


def _differs(what: str, wanted: Iterable[Mapping[str, Any]], got: Iterable[Decimal]) -> list[str]:
    amounts = sorted(_amount(one) for one in wanted)
    return [] if amounts == sorted(got) else [f"{what}: {sorted(got)} instead of {amounts}"]


def _amount(one: Mapping[str, Any]) -> Decimal:
    return Decimal(one.get("amount") or one["total"])


def _living(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row.get("vis_state", 0) == 0]


def _numbers(invoices: Iterable[Mapping[str, Any]]) -> Counter[str]:
    return Counter(invoice["invoice_number"] for invoice in invoices)
