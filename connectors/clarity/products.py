"""Products, where the site lists them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from connectors.base import Notice, Resource
from connectors.clarity import pasted
from connectors.clarity.cursor import Feed, changed
from connectors.clarity.listing import dated_between
from connectors.clarity.record import Record, Terms
from connectors.documents import Product, Raw

if TYPE_CHECKING:
    from connectors.clarity.connector import ClarityConnector

FEED = Feed("products.list", "product", names="id", optional=True)


class Products(Resource[Product]):
    name = "product"
    label = "Product"
    document = Product
    pieces: ClassVar[Mapping[str, str]] = {"product": "The product, as the site answers"}
    connector: ClarityConnector

    def fetch(self, id: str) -> Raw:
        return self.assemble({"product": self.connector.client.record("products.get", id)})

    def parse(self, raw: Raw) -> Product:
        return product_from(Record("product", raw["product"], Terms(raw["hub"])))

    def assemble(self, pieces: Mapping[str, Any]) -> Raw:
        site = self.connector.site
        return {"product": pasted.record(pieces["product"], site, "products.get"), "hub": site.kept}

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.connector.site.terms, self.name, (FEED,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return dated_between(self.connector, "products.list", "product", ("createdAt",), start, end)


def product_from(record: Record) -> Product:
    sku = record.text("sku")
    return Product(
        id=record.required("id"),
        sku=sku,
        name=record.text("name") or sku or record.id(),
        description=record.text("description"),
        price=record.stated("price"),
        currency=(record.text("currency") or record.terms.text("currency")).upper() or None,
        active=record.flag("isActive", default=True),
        inventory=record.stated("inventory"),
        updated_at=record.instant("updatedAt"),
    )
