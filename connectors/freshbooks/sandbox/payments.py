"""Payments. Nothing refuses money: what is more than owed becomes the client's credit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from connectors.freshbooks.sandbox import balances, filters, overpayments, refusals, statuses
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.money import ZERO, amount_of
from connectors.freshbooks.sandbox.resource import DELETED, Resource
from connectors.freshbooks.sandbox.tables import Row

TYPES = frozenset(
    (
        *(
            "Check",
            "Credit",
            "Cash",
            "Bank Transfer",
            "Credit Card",
            "Debit",
            "PayPal",
            "2Checkout",
            "AMEX",
            "JCB",
            "Other",
        ),
        *("VISA", "MASTERCARD", "DISCOVER", "DINERS", "ACH"),
        *("Visa", "MasterCard", "Discover", "Diners", "Ach", "Eurocard", "Nova"),
    )
)
"""Both SDKs' spellings, where they differ."""
FIXED: Row = {
    "bulk_paymentid": None,
    "gateway": None,
    "overpaymentid": None,
    "send_client_notification": None,
    "transaction_uuid": None,
}


class Payments(Resource):
    singular, plural, id_field, scope = "payment", "payments", "logid", "payments"
    sorts = {"date": "date", "updated": "updated"}

    @property
    def filters(self) -> Mapping[str, Filter]:
        return {
            "logid": filters.number("id"),
            "logids": filters.numbers("id"),
            "invoiceid": filters.number("invoiceid"),
            "clientid": filters.number("clientid"),
            "clientids": filters.numbers("clientid"),
            "customerid": filters.number("clientid"),
            "customerids": filters.numbers("clientid"),
            "type": filters.text("type"),
            "notes": filters.like("note"),
            "currency": Filter(lambda name, value: value, lambda row, values: row["amount"]["code"] == values[-1]),
            "from_credit": filters.flag(lambda row: bool(row["from_credit"])),
            **filters.days("date", "date"),
            **filters.days("updated", "updated"),
            **filters.amounts("amount", lambda row: amount_of(row["amount"])),
        }

    def new(self, body: Body) -> Row:
        body.require("invoiceid", "amount", "date", "type")
        invoice = self._invoice(body)
        self._admit_credit(body, invoice)
        row: Row = {
            **FIXED,
            "invoiceid": invoice["id"],
            "clientid": invoice["customerid"],
            "creditid": self._credit_note(body),
            "from_credit": body.flag("from_credit"),
            "note": "",
            "orderid": None,
            "transactionid": None,
            "_currency": invoice["currency_code"],
            "_applied": ZERO,
        }
        self.change(row, body)
        return row

    def change(self, row: Row, body: Body) -> None:
        if "amount" in body:
            row["amount"] = self.account.cents(row["_currency"]).money(self._amount(row, body))
        if "date" in body:
            row["date"] = body.date("date")
        if "type" in body:
            row["type"] = self._type(body)
        if "note" in body:
            row["note"] = body.text("note", short=False) or ""
        row |= {name: body.integer(name) for name in ("orderid", "transactionid") if body.given.get(name) is not None}

    def settled(self, row: Row) -> None:
        """The invoice moves with its payments: what is owed, its statuses, its `updated`."""
        invoice = self.account.tables["invoices"].get(row["invoiceid"])
        if invoice is not None:
            overpayments.settle(self.account, invoice)
            self.account.announce("invoice", "update", invoice["id"])

    def _invoice(self, body: Body) -> Row:
        invoice = self.account.tables["invoices"].get(body.id("invoiceid"))
        if invoice is None:
            raise refusals.not_found("invoice", "invoiceid", body.given["invoiceid"])
        if invoice["vis_state"] == DELETED and self.switch["on_deleted"] == "refuse":
            raise refusals.deleted("invoice", "invoiceid", invoice["id"])
        if invoice["status"] == statuses.DRAFT and self.switch["draft_payments"] == "refuse":
            raise body.refuse(refusals.INVALID, "invoiceid", "A draft invoice cannot be paid.")
        return invoice

    def _credit_note(self, body: Body) -> int | None:
        id = body.id("creditid")
        if id and self.account.tables["credit_notes"].get(id) is None:
            raise refusals.not_found("credit_note", "creditid", id)
        return id or None

    def _admit_credit(self, body: Body, invoice: Row) -> None:
        """How a credit is applied is told by the names of three fields, and by nothing else."""
        id = self._credit_note(body)
        if id is None:
            return
        if self.switch["credit_payments"] == "refuse":
            raise body.refuse(refusals.INVALID, "creditid", "A credit cannot be applied.")
        note = self.account.tables["credit_notes"].get(id)
        assert note
        if note["clientid"] != invoice["customerid"] or note["currency_code"] != invoice["currency_code"]:
            raise body.refuse(refusals.INVALID, "creditid", "The credit belongs to another client or currency.")
        left = amount_of(note["amount"]) - balances.used(self.account, note)
        if self.switch["credit_payments"] == "accept" and body.money("amount", invoice["currency_code"])[0] > left:
            raise body.refuse(refusals.INVALID, "amount", "The credit has less left than that.")

    def _amount(self, row: Row, body: Body) -> Decimal:
        amount = body.money_in("amount", row["_currency"])
        if amount < ZERO:
            raise body.refuse(refusals.NEGATIVE, "amount", "'amount' must not be negative.")
        if amount == ZERO:
            raise body.refuse(refusals.INVALID, "amount", "'amount' must not be zero.")
        return amount

    def _type(self, body: Body) -> str:
        type = body.text("type") or ""
        if type not in TYPES and self.switch["payment_types"] == "strict":
            raise body.refuse(refusals.INVALID, "type", f"'{type}' is not a payment type.")
        return type
