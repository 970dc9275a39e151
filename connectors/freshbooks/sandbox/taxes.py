"""Stored taxes. Lines name a tax by its text, stored or not; a stored one lends them its number."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from connectors.freshbooks.sandbox import filters, refusals
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.money import plain
from connectors.freshbooks.sandbox.resource import Resource
from connectors.freshbooks.sandbox.tables import Row


class Taxes(Resource):
    singular, plural, id_field, scope = "tax", "taxes", "taxid", "taxes"
    sorts = {"name": "name", "updated": "updated"}

    @property
    def filters(self) -> Mapping[str, Filter]:
        return {
            "taxid": filters.number("id"),
            "taxids": filters.numbers("id"),
            "name": filters.like("name"),
            "number": filters.like("number"),
            "compound": filters.flag(lambda row: bool(row["compound"])),
            **filters.days("updated", "updated"),
        }

    def new(self, body: Body) -> Row:
        body.require("name")
        row: Row = {"amount": "0", "number": None, "compound": False}
        self.change(row, body)
        return row

    def change(self, row: Row, body: Body) -> None:
        row |= {name: body.text(name) for name in ("name", "number") if name in body}
        if "amount" in body:
            row["amount"] = plain(body.percent("amount"))
        if "compound" in body:
            row["compound"] = body.flag("compound")
        alike = [one for one in self.table.find("name", row["name"]) if one["amount"] == row["amount"]]
        if self.switch["duplicate_taxes"] == "refuse" and any(one["id"] != row.get("id") for one in alike):
            raise body.refuse(refusals.DUPLICATE_TAX, "name", f"The tax '{row['name']}' exists already.")

    def shown(self, row: Row, includes: Collection[str] = ()) -> Row:
        """A tax is there or it is not: the wire shows no `vis_state`."""
        return {name: value for name, value in super().shown(row).items() if name != "vis_state"}
