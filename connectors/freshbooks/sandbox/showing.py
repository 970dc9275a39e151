"""The books as a person would look at them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.freshbooks.sandbox.account import Account
from connectors.freshbooks.sandbox.clients import Clients
from connectors.freshbooks.sandbox.credit_notes import CreditNotes
from connectors.freshbooks.sandbox.invoices import Invoices
from connectors.freshbooks.sandbox.payments import Payments
from connectors.freshbooks.sandbox.resource import ACTIVE, ARCHIVED, DELETED, Resource
from connectors.freshbooks.sandbox.tables import Row

Shown = Mapping[str, Any]
STATES = {ACTIVE: "", DELETED: "deleted", ARCHIVED: "archived"}


def tables(account: Account) -> Mapping[str, list[Shown]]:
    """Newest first."""
    return {
        "Invoices": [_invoice(account, row) for row in _newest(Invoices(account))],
        "Payments": [_payment(account, row) for row in _newest(Payments(account))],
        "Credit notes": [_credit_note(account, row) for row in _newest(CreditNotes(account))],
        "Clients": [_client(row) for row in _newest(Clients(account))],
    }


def _newest(resource: Resource) -> list[Row]:
    return [resource.shown(row) for row in resource.table.newest()]


def _invoice(account: Account, row: Row) -> Shown:
    return {
        "number": row["invoice_number"],
        "reference": row["po_number"] or "",
        "client": _name(account, row["customerid"]),
        "date": row["create_date"],
        "amount": _money(row["amount"]),
        "paid": _money(row["paid"]),
        "outstanding": _money(row["outstanding"]),
        "status": _state(row) or row["v3_status"],
    }


def _payment(account: Account, row: Row) -> Shown:
    invoice = account.tables["invoices"].get(row["invoiceid"])
    return {
        "id": row["id"],
        "invoice": invoice["invoice_number"] if invoice else "",
        "date": row["date"],
        "amount": _money(row["amount"]),
        "type": row["type"],
        "note": row["note"],
        "state": _state(row),
    }


def _credit_note(account: Account, row: Row) -> Shown:
    return {
        "number": row["credit_number"],
        "client": _name(account, row["clientid"]),
        "date": row["create_date"],
        "amount": _money(row["amount"]),
        "kind": row["credit_type"],
        "notes": row["notes"],
        "state": _state(row),
    }


def _client(row: Row) -> Shown:
    return {
        "id": row["id"],
        "name": f"{row['fname']} {row['lname']}".strip() or row["organization"],
        "email": row["email"],
        "currency": row["currency_code"],
        "state": _state(row),
    }


def _name(account: Account, client_id: int) -> str:
    client = account.tables["clients"].get(client_id)
    return str(_client(client)["name"]) if client else ""


def _money(money: Mapping[str, str]) -> str:
    return f"{money['amount']} {money['code']}"


def _state(row: Row) -> str:
    return STATES[row["vis_state"]]
