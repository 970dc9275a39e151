"""The catalogue: templates for lines, which do not point back at it."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.freshbooks.sandbox import filters, refusals
from connectors.freshbooks.sandbox.account import CURRENCY
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.money import plain
from connectors.freshbooks.sandbox.refusals import Refusal
from connectors.freshbooks.sandbox.resource import Resource
from connectors.freshbooks.sandbox.tables import Row


class Items(Resource):
    singular, plural, id_field, scope = "item", "items", "itemid", "billable_items"
    sorts = {"name": "name", "updated": "updated"}

    @property
    def filters(self) -> Mapping[str, Filter]:
        return {"sku": filters.text("sku"), "itemid": filters.number("id"), **filters.days("updated", "updated")}

    def admit(self) -> None:
        if self.switch["items"] == "off":
            message = "Items are not part of this account's plan."
            raise Refusal(refusals.NO_ITEMS, message, object="item", in_success=True)

    def new(self, body: Body) -> Row:
        body.require("name")
        row: Row = {"description": "", "inventory": None, "qty": "1", "sku": None, "tax1": 0, "tax2": 0}
        row["unit_cost"] = self.account.cents(CURRENCY).money(body.money("unit_cost", CURRENCY)[0])
        self.change(row, body)
        return row

    def change(self, row: Row, body: Body) -> None:
        row |= {name: body.text(name) for name in ("name", "sku") if name in body}
        row |= {name: plain(body.decimal(name)) for name in ("qty", "inventory") if body.given.get(name) is not None}
        row |= {name: body.id(name) for name in ("tax1", "tax2") if name in body}
        if "description" in body:
            row["description"] = body.text("description", short=False) or ""
        if "unit_cost" in body:
            amount, currency = body.money("unit_cost", CURRENCY)
            row["unit_cost"] = self.account.cents(currency).money(amount)
