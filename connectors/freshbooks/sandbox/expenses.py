"""Expenses and other income, as far as money without an invoice needs them."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.freshbooks.sandbox import filters, refusals
from connectors.freshbooks.sandbox.account import CURRENCY
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.resource import Resource
from connectors.freshbooks.sandbox.tables import Row

EXPENSE_FIXED: Row = {
    "account_name": "",
    "accountid": None,
    "background_jobid": None,
    "bank_name": "",
    "bill_matches": [],
    "billable": False,
    "compounded_tax": False,
    "converse_projectid": None,
    "ext_accountid": "",
    "ext_invoiceid": 0,
    "ext_systemid": 0,
    "from_bulk_import": False,
    "has_receipt": False,
    "include_receipt": False,
    "invoiceid": None,
    "is_cogs": False,
    "isduplicate": False,
    "markup_percent": "0",
    "modern_projectid": None,
    "potential_bill_payment": False,
    "profileid": None,
    "projectid": 0,
    "status": 0,
    "taxPercent1": None,
    "taxPercent2": None,
    "transactionid": None,
}
CATEGORIES = ("Advertising", "Bank Fees", "Cost of Goods Sold", "Office Expenses & Postage", "Shipping")
INCOME_CATEGORIES = frozenset({"advertising", "in_person_sales", "online_sales", "rentals", "other"})


class Expenses(Resource):
    """Their taxes are amounts of money, unlike those of lines."""

    singular, plural, id_field, scope = "expense", "expenses", "expenseid", "expenses"
    sorts = {"date": "date", "updated": "updated"}

    @property
    def filters(self) -> Mapping[str, Filter]:
        return {
            "categoryid": filters.number("categoryid"),
            "clientid": filters.number("clientid"),
            **filters.days("date", "date"),
            **filters.days("updated", "updated"),
        }

    def new(self, body: Body) -> Row:
        body.require("amount", "categoryid", "staffid", "date")
        row: Row = {
            **EXPENSE_FIXED,
            "clientid": 0,
            "notes": "",
            "vendor": "",
            "version": "",
            **{f"tax{part}{n}": None for part in ("Name", "Amount") for n in (1, 2)},
        }
        self.change(row, body)
        return row

    def change(self, row: Row, body: Body) -> None:
        row |= {name: body.id(name) for name in ("categoryid", "staffid", "clientid") if name in body}
        row |= {name: body.text(name, short=False) or "" for name in ("notes", "vendor") if name in body}
        row |= {name: body.text(name) for name in ("taxName1", "taxName2") if name in body}
        if "date" in body:
            row["date"] = body.date("date")
        for name in ("amount", "taxAmount1", "taxAmount2"):
            if body.given.get(name) is not None:
                amount, currency = body.money(name, CURRENCY)
                row[name] = self.account.cents(currency).money(amount)


class OtherIncomes(Resource):
    """An update needs the whole record."""

    singular, plural, id_field, scope = "other_income", "other_incomes", "incomeid", "other_income"
    sorts = {"date": "date"}

    @property
    def filters(self) -> Mapping[str, Filter]:
        return filters.days("date", "date")

    def new(self, body: Body) -> Row:
        row: Row = {"note": "", "payment_type": None, "sourceid": None, "taxes": [], "userid": None}
        self.change(row, body)
        return row

    def change(self, row: Row, body: Body) -> None:
        body.require("amount", "category_name", "source", "date")
        if body.given["category_name"] not in INCOME_CATEGORIES:
            raise body.refuse(refusals.INVALID, "category_name", "This is not a category of other income.")
        amount, currency = body.money("amount", CURRENCY)
        row |= {name: body.text(name) for name in ("category_name", "payment_type", "source", "note") if name in body}
        row |= {"amount": self.account.cents(currency).money(amount), "date": body.date("date")}
        if isinstance(body.given.get("taxes"), list):
            row["taxes"] = body.given["taxes"]


def categories() -> list[Row]:
    return [{"id": n, "categoryid": n, "category": name, "vis_state": 0} for n, name in enumerate(CATEGORIES, 5001)]
