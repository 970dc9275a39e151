"""Taxes as FreshBooks keeps them for its screens. Invoice lines name a tax by text, stored here or not."""

from __future__ import annotations

from pydantic import Field

from connectors.base import Remote
from connectors.documents import ZERO, Document, Percent, Raw
from connectors.freshbooks.money import amount_of, percent, text
from connectors.freshbooks.records import Records, understood
from connectors.freshbooks.search import id_of


class StoredTax(Document):
    name: str = Field(min_length=1)
    percent: Percent
    number: str = Field("", description="The registration number printed beside the tax")
    compound: bool = Field(False, description="Charged on top of the other tax")


class Taxes(Records[StoredTax]):
    name = "tax"
    label = "Tax"
    document = StoredTax
    path = "taxes/taxes"
    plural = "taxes"
    deletable = False

    def body(self, document: StoredTax) -> Raw:
        return {
            "name": document.name,
            "amount": percent(document.percent, "percent"),
            "number": document.number,
            "compound": document.compound,
        }

    def parse(self, raw: Raw) -> StoredTax:
        fields = {
            "name": text(raw.get("name")),
            "percent": amount_of(raw.get("amount")) or ZERO,
            "number": text(raw.get("number")),
            "compound": bool(raw.get("compound")),
        }
        return understood(StoredTax, fields)

    def remote(self, raw: Raw) -> Remote:
        facts = {"name": text(raw.get("name")), "percent": amount_of(raw.get("amount"))}
        return Remote(id=id_of(raw), facts=facts, raw=raw)

    def find(self, document: StoredTax, *, deleted: bool = True) -> list[Remote]:
        wanted = document.name.strip().casefold()
        return self.search(
            {"name": document.name.strip()}, lambda raw: text(raw.get("name")).casefold() == wanted, deleted=deleted
        )
