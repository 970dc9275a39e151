"""Items: the catalogue. Templates only, no invoice line points at one; and not every plan has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Remote
from connectors.documents import ZERO, Item, Raw
from connectors.errors import NotSearchable
from connectors.freshbooks import links
from connectors.freshbooks.money import amount_of, money, plain, text
from connectors.freshbooks.records import Records, state_of, understood
from connectors.freshbooks.refusals import Asked
from connectors.freshbooks.search import id_of
from connectors.freshbooks.texts import headed, sayable

NO_ITEMS = "12001"
"""Answered with status 200 by accounts without the feature."""


class Items(Records[Item]):
    name = "item"
    label = "Item"
    document = Item
    path = "items/items"
    plural = "items"

    def asked(self, id: str = "", teaches: Mapping[str, str] | None = None) -> Asked:
        return super().asked(id, {NO_ITEMS: "items", **(teaches or {})})

    def body(self, document: Item) -> Raw:
        name, description = headed(document.name, document.description)
        known: dict[str, Any] = {
            "name": name,
            "description": description,
            "sku": document.sku,
            "unit_cost": money(document.unit_price, document.currency),
        }
        stock = document.inventory
        return known if stock is None else {**known, "inventory": plain(stock)}

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        """A price is written with its currency, so that one does not come without the other."""
        body = self._amended(id, fields)
        return self.whole(self._one("PUT", id, body=sayable(body))) if body else self.read(id)

    def as_kept(self, document: Item) -> Item:
        name, description = headed(document.name, document.description)
        return document.model_copy(update=sayable({"name": name, "description": description}))

    def read(self, id: str) -> Remote:
        return self.whole(self._one("GET", id))

    def similar(self, document: Item) -> list[Remote]:
        """There is no filter for names, so the newest page is all that is looked at."""
        return self.comparable(row for row in self.first_page({}) if state_of(row) == "active")

    def _amended(self, id: str, fields: Mapping[str, Any]) -> Raw:
        body: Raw = {name: fields[name] or "" for name in ("name", "description", "sku") if name in fields}
        if fields.get("inventory") is not None:
            body["inventory"] = plain(fields["inventory"])
        if {"unit_price", "currency"} & fields.keys():
            known = self.parse(self._one("GET", id))
            price = fields.get("unit_price")
            body["unit_cost"] = money(
                known.unit_price if price is None else price, fields.get("currency") or known.currency
            )
        return body

    def parse(self, raw: Raw) -> Item:
        fields = {
            "sku": text(raw.get("sku")),
            "name": text(raw.get("name")),
            "description": text(raw.get("description")),
            "unit_price": amount_of(raw.get("unit_cost")) or ZERO,
            "currency": text((raw.get("unit_cost") or {}).get("code")),
            "inventory": amount_of(raw.get("inventory")),
        }
        return understood(Item, fields)

    def remote(self, raw: Raw) -> Remote:
        cost = raw.get("unit_cost") or {}
        return Remote(
            id=id_of(raw),
            number=text(raw.get("sku")),
            state=state_of(raw),
            currency=text(cost.get("code")),
            url=links.items(),
            facts={"sku": text(raw.get("sku")), "name": text(raw.get("name")), "unit_price": amount_of(cost)},
            raw=raw,
        )

    def find(self, document: Item, *, deleted: bool = True) -> list[Remote]:
        sku = document.sku.strip()
        if not sku:
            raise NotSearchable("An item without SKU cannot be looked up", code="no_key")
        return self.search({"sku": sku}, lambda raw: text(raw.get("sku")) == sku, deleted=deleted)
