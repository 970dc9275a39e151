"""What is paid and owed: on an invoice, on a credit note, and by a client in each currency."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from connectors.freshbooks.sandbox import clock
from connectors.freshbooks.sandbox.account import Account
from connectors.freshbooks.sandbox.money import ZERO, amount_of
from connectors.freshbooks.sandbox.tables import Row

DRAFT = 1


def living(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["vis_state"] != 1]


def payments(account: Account, invoice: Row) -> list[Row]:
    return living(account.tables["payments"].find("invoiceid", invoice["id"]))


def paid(account: Account, invoice: Row) -> Decimal:
    """What of its payments was used for this invoice: the rest became credit."""
    return sum((payment["_applied"] for payment in payments(account, invoice)), ZERO)


def outstanding(account: Account, invoice: Row) -> Decimal:
    return amount_of(invoice["amount"]) - paid(account, invoice)


def used(account: Account, note: Row) -> Decimal:
    """What of a credit note was used to pay invoices."""
    rows = living(account.tables["payments"].find("creditid", note["id"]))
    return sum((amount_of(row["amount"]) for row in rows), ZERO)


def word(amount: Decimal, paid: Decimal) -> str:
    """unpaid, partial or paid."""
    if not paid:
        return "unpaid"
    return "paid" if paid >= amount else "partial"


def overdue(invoice: Row) -> bool:
    return invoice["status"] != DRAFT and dt.date.fromisoformat(invoice["due_date"]) < clock.today()


def of_client(account: Account, client: Row, name: str) -> list[dict[str, Any]]:
    """One balance per currency; none where nothing is owed. `name`: outstanding, overdue, draft, credit, grand_total."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in _CONTRIBUTIONS[name](account, client):
        sums[currency] += amount
    return [{"amount": account.cents(code).money(amount)} for code, amount in sorted(sums.items()) if amount]


def included(account: Account, client: Row, includes: Collection[str]) -> Row:
    shown: Row = {
        name: of_client(account, client, name.removesuffix("_balance"))
        for name in includes
        if name.endswith("_balance") and name.removesuffix("_balance") in _CONTRIBUTIONS
    }
    if "late_reminders" in includes:
        shown["late_reminders"] = []
    if "late_fee" in includes:
        shown["late_fee"] = None
    return shown


Amounts = Iterator[tuple[str, Decimal]]


def _outstanding(account: Account, client: Row) -> Amounts:
    for invoice in _invoices(account, client):
        if invoice["status"] != DRAFT:
            yield invoice["currency_code"], outstanding(account, invoice)


def _overdue(account: Account, client: Row) -> Amounts:
    for invoice in _invoices(account, client):
        if overdue(invoice):
            yield invoice["currency_code"], outstanding(account, invoice)


def _draft(account: Account, client: Row) -> Amounts:
    for invoice in _invoices(account, client):
        if invoice["status"] == DRAFT:
            yield invoice["currency_code"], amount_of(invoice["amount"])


def _credit(account: Account, client: Row) -> Amounts:
    for note in living(account.tables["credit_notes"].find("clientid", client["id"])):
        yield note["currency_code"], amount_of(note["amount"]) - used(account, note)


def _grand_total(account: Account, client: Row) -> Amounts:
    for invoice in _invoices(account, client):
        yield invoice["currency_code"], amount_of(invoice["amount"])


def _invoices(account: Account, client: Row) -> list[Row]:
    return living(account.tables["invoices"].find("customerid", client["id"]))


_CONTRIBUTIONS = {
    "outstanding": _outstanding,
    "overdue": _overdue,
    "draft": _draft,
    "credit": _credit,
    "grand_total": _grand_total,
}
