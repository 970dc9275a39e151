"""Credit notes: added up like invoices, tied to a client and to no invoice."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal

from connectors.freshbooks.sandbox import balances, filters, refusals
from connectors.freshbooks.sandbox.account import CURRENCY
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.clients import Clients
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.lines import description_of, read_lines, shown_lines, taxed
from connectors.freshbooks.sandbox.money import ZERO, amount_of
from connectors.freshbooks.sandbox.recipients import snapshot
from connectors.freshbooks.sandbox.resource import DELETED, Resource
from connectors.freshbooks.sandbox.tables import Row
from connectors.freshbooks.sandbox.totals import totals

GOODWILL, PREPAYMENT, OVERPAYMENT = "goodwill", "prepayment", "overpayment"
TEXTS = {"notes": "", "terms": None}
FIXED: Row = {
    "dispute_status": None,
    "display_status": "created",
    "ext_archive": 0,
    "last_order_status": None,
    "payment_type": None,
    "sentid": 1,
    "status": "created",
    "template": "clean-grouped",
}


class CreditNotes(Resource):
    singular, plural, id_field, scope = "credit_note", "credit_notes", "creditid", "credit_notes"
    sorts = {"create_date": "create_date", "updated": "updated"}

    @property
    def filters(self) -> Mapping[str, Filter]:
        """Neither `credit_number` nor `client_id` nor `create_date_min` is among them."""
        return {"clientid": filters.number("clientid"), **filters.days("date", "create_date")}

    def new(self, body: Body) -> Row:
        body.require("clientid", "create_date")
        client = Clients(self.account).recipient(body, "clientid")
        row: Row = {
            **FIXED,
            **TEXTS,
            **snapshot(client),
            "clientid": client["id"],
            "current_organization": client["organization"],
            "currency_code": body.text("currency_code") or client["currency_code"] or CURRENCY,
            "language": client["language"],
            "credit_type": GOODWILL,
            "credit_number": "",
            "uuid": str(uuid.uuid4()),
            "_lines": [],
        }
        self.change(row, body)
        row["credit_number"] = row["credit_number"] or f"CN{self.account.turn('credit_note'):07}"
        return row

    def change(self, row: Row, body: Body) -> None:
        row |= {name: body.text(name, short=False) or default for name, default in TEXTS.items() if name in body}
        row |= {name: body.text(name) for name in ("language", "credit_number") if body.text(name)}
        if "create_date" in body:
            row["create_date"] = body.date("create_date")
        if "credit_type" in body:
            row["credit_type"] = self._type(body)
        if "lines" in body:
            row["_lines"] = read_lines(body, row["currency_code"], self.account)
        self._add_up(row)

    def shown(self, row: Row, includes: Collection[str] = ()) -> Row:
        used = balances.used(self.account, row)
        shown = super().shown(row) | {
            "paid": self.account.cents(row["currency_code"]).money(used),
            "payment_status": balances.word(amount_of(row["amount"]), used),
        }
        return shown | {"lines": shown_lines(row, row["updated"])} if "lines" in includes else shown

    def for_overpayment(self, invoice: Row, surplus: Decimal, date: str) -> Row:
        """The credit that the books make by themselves, whatever became of the client."""
        description = f"Overpayment: invoice {invoice['invoice_number']}"
        given = {
            "clientid": invoice["customerid"],
            "create_date": date,
            "currency_code": invoice["currency_code"],
            "lines": [_line(description, surplus)],
        }
        note = self.created(Body(given, self.singular, {**self.switch, "on_deleted": "accept"}))
        note["credit_type"] = OVERPAYMENT
        return note

    def resize(self, note: Row, surplus: Decimal) -> None:
        """To what is left of the overpayment; nothing left deletes the note."""
        if not surplus:
            self.updated(note, Body({"vis_state": DELETED}, self.singular, self.switch))
            return
        given = {"lines": [_line(note["description"], surplus)]}
        self.updated(note, Body(given, self.singular, self.switch))

    def _type(self, body: Body) -> str:
        """The third kind is the books' own."""
        type = body.text("credit_type") or GOODWILL
        if type not in (GOODWILL, PREPAYMENT):
            raise body.refuse(refusals.INVALID, "credit_type", f"'{type}' is not a credit type.")
        return type

    def _add_up(self, row: Row) -> None:
        cents = self.account.cents(row["currency_code"])
        sums = totals(taxed(row["_lines"]), ZERO, cents, self.switch["rounding_point"])
        row["amount"] = cents.money(sums.amount)
        row["description"] = description_of(row["_lines"])


def _line(description: str, amount: Decimal) -> Row:
    return {"name": "Overpayment", "description": description, "unit_cost": {"amount": str(amount)}}
