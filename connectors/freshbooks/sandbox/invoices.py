"""Invoices: drafts until sent, numbered by hand or in turn, with lines that are only shown when asked for."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal

from connectors.freshbooks.sandbox import balances, clock, filters, refusals, statuses
from connectors.freshbooks.sandbox.account import ACCOUNT_ID, COUNTRY
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.clients import Clients
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.lines import description_of, read_lines, shown_lines, taxed
from connectors.freshbooks.sandbox.money import amount_of, plain
from connectors.freshbooks.sandbox.presentation import presentation
from connectors.freshbooks.sandbox.recipients import RECIPIENT, snapshot
from connectors.freshbooks.sandbox.resource import Resource
from connectors.freshbooks.sandbox.tables import Row
from connectors.freshbooks.sandbox.totals import totals

LONG_TEXTS = {"notes": "", "terms": None}
SHORT_TEXTS = {"po_number": None, "discount_description": None, "language": "en"}
FIXED: Row = {
    "attach_pdf_to_email": False,
    "auto_bill": False,
    "autobill_status": None,
    "basecampid": 0,
    "date_paid": None,
    "deposit_amount": None,
    "deposit_percentage": None,
    "deposit_status": "none",
    "dispute_status": None,
    "estimateid": 0,
    "ext_archive": 0,
    "generation_date": None,
    "gmail": False,
    "last_order_status": None,
    "lock_status": "unlocked",
    "ownerid": 1,
    "parent": 0,
    "payment_details": "",
    "return_uri": None,
    "sender_address": {"street": "", "street2": "", "city": "", "province": "", "code": "", "country": COUNTRY},
    "sentid": 1,
    "series": "",
    "show_attachments": True,
    "template": "clean-grouped",
}
"""What this simulator leaves as it is on a plain invoice."""


class Invoices(Resource):
    singular, plural, id_field, scope = "invoice", "invoices", "invoiceid", "invoices"
    actions = ("action_mark_as_sent", "action_email")
    sorts = {"invoice_date": "create_date", "invoice_number": "invoice_number", "updated": "updated"}

    @property
    def filters(self) -> Mapping[str, Filter]:
        """`status`, `payment_status`, `create_date_min` and `po_number` are not among them: they are ignored."""
        return {
            "customerid": filters.number("customerid"),
            "customerids": filters.numbers("customerid"),
            "invoiceid": filters.number("id"),
            "invoiceids": filters.numbers("id"),
            "invoice_number": filters.text("invoice_number"),
            "v3_status": Filter(
                lambda name, value: value, lambda row, values: self._statuses(row)["v3_status"] in values
            ),
            "paid": filters.flag(lambda row: self._statuses(row)["payment_status"] == "paid"),
            "outstanding": filters.flag(lambda row: balances.outstanding(self.account, row) > 0),
            **filters.days("date", "create_date"),
            **filters.days("updated", "updated"),
        }

    def new(self, body: Body) -> Row:
        body.require("customerid", "create_date")
        client = Clients(self.account).recipient(body, "customerid")
        row = _blank(client) | {"currency_code": body.text("currency_code") or client["currency_code"]}
        if self.switch["create_status"] == "ignore":
            body = body.without("status")
        self.change(row, body)
        if self.switch["actions_in_post"] == "run" and any(action in body for action in self.actions):
            self.act(row, body)
        row["invoice_number"] = row["invoice_number"] or self._next_number()
        Clients(self.account).touch(client)
        return row

    def change(self, row: Row, body: Body) -> None:
        if "due_date" in body:
            message = "Write access denied to field due_date."
            raise body.refuse(refusals.READ_ONLY, "due_date", message, status=403)
        self._change_header(row, body)
        if "lines" in body:
            row["_lines"] = read_lines(body, row["currency_code"], self.account)
        row["description"] = description_of(row["_lines"])
        issued = dt.date.fromisoformat(row["create_date"])
        row["due_date"] = (issued + dt.timedelta(days=row["due_offset_days"])).isoformat()
        self._add_up(row)

    def act(self, row: Row, body: Body) -> None:
        """Both send a draft; only one of them writes to anybody. An invoice that is out already stays as it is."""
        if row["status"] == statuses.DRAFT:
            row["status"] = statuses.SENT

    def shown(self, row: Row, includes: Collection[str] = ()) -> Row:
        cents = self.account.cents(row["currency_code"])
        paid = balances.paid(self.account, row)
        client = self.account.tables["clients"].get(row["customerid"])
        shown = super().shown(row) | self._statuses(row)
        shown |= {
            "paid": cents.money(paid),
            "net_paid_amount": cents.money(paid),
            "outstanding": cents.money(amount_of(row["amount"]) - paid),
            "current_organization": client["organization"] if client else row["organization"],
        }
        if "lines" in includes:
            shown["lines"] = shown_lines(row, row["updated"])
        if "presentation" in includes:
            shown["presentation"] = presentation(row["id"])
        return shown

    def _change_header(self, row: Row, body: Body) -> None:
        row |= {name: body.text(name) or "" for name in RECIPIENT if name in body}
        row |= {name: body.text(name, short=False) or default for name, default in LONG_TEXTS.items() if name in body}
        row |= {name: body.text(name) or default for name, default in SHORT_TEXTS.items() if name in body}
        if "create_date" in body:
            row["create_date"] = body.date("create_date")
        if "due_offset_days" in body:
            row["due_offset_days"] = body.integer("due_offset_days")
        if "discount_value" in body:
            row["discount_value"] = plain(body.percent("discount_value"))
        if "status" in body:
            row["status"] = statuses.read(body)
        if body.text("invoice_number"):
            row["invoice_number"] = self._free_number(row, body)

    def _add_up(self, row: Row) -> None:
        cents = self.account.cents(row["currency_code"])
        sums = totals(taxed(row["_lines"]), Decimal(row["discount_value"]), cents, self.switch["rounding_point"])
        discount = cents.money(-sums.discount)
        row["amount"] = cents.money(sums.amount)
        row["discount_total"] = discount
        row["discount"] = {"amount": discount, "rate": row["discount_value"], "type": "percent"}

    def _statuses(self, row: Row) -> Row:
        return statuses.shown(row, balances.paid(self.account, row), paid_status=self.switch["paid_status"])

    def _free_number(self, row: Row, body: Body) -> str:
        number = str(body.text("invoice_number"))
        others = [one for one in self.table.find("invoice_number", number) if one["id"] != row.get("id")]
        taken = others if self.switch["deleted_numbers"] == "taken" else balances.living(others)
        if taken and self.switch["duplicate_numbers"] == "refuse":
            message = f"The invoice number '{number}' is already in use."
            raise body.refuse(self.switch["duplicate_errno"], "invoice_number", message)
        return number

    def _next_number(self) -> str:
        """Seven digits, in turn, leaving out what somebody has used by hand."""
        while True:
            number = f"{self.account.turn('invoice'):07}"
            if not self.table.find("invoice_number", number):
                return number


def _blank(client: Row) -> Row:
    """A draft over nothing, made out to this client."""
    now = clock.now()
    return {
        **FIXED,
        **LONG_TEXTS,
        **SHORT_TEXTS,
        **snapshot(client),
        "accountid": ACCOUNT_ID,
        "customerid": client["id"],
        "language": client["language"],
        "status": statuses.DRAFT,
        "due_offset_days": 0,
        "discount_value": "0",
        "created_at": clock.eastern(now),
        "version": clock.version(now),
        "uuid": str(uuid.uuid4()),
        "invoice_number": "",
        "_lines": [],
        "_last_paid": None,
    }
