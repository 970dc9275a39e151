"""Products, each under its own SKU. Variants have SKUs of their own, which order lines bear; a line brings its own name
and price, so the catalogue only tells what a whole product costs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connectors.base import Notice, Resource
from connectors.bigcommerce.client import Client
from connectors.bigcommerce.cursor import PRODUCTS, changed
from connectors.bigcommerce.reading import id_of, instant, money, record, text
from connectors.documents import Product, Raw
from connectors.errors import Gone, Rejected

if TYPE_CHECKING:
    from connectors.bigcommerce.connector import BigCommerce

PATH, VARIANTS = "/v3/catalog/products", "/v3/catalog/variants"
COUNTED = ("product", "variant")
"""How a product's stock is kept, where it is."""


class Products(Resource[Product]):
    name = "product"
    label = "Product"
    document = Product
    connector: BigCommerce

    @property
    def client(self) -> Client:
        return self.connector.client

    def fetch(self, id: str) -> Raw:
        found = self.client.page(PATH, {"id:in": id}).items
        product = next((row for row in found if id_of(row.get("id")) == id), None)
        if product is None:
            raise Gone(f"there is no product {id}", code="no_such_product")
        return {"product": product, "store": self.connector.store}

    def parse(self, raw: Raw) -> Product:
        return product_from(raw)

    def resolve(self, lookup: str) -> str:
        """From "sku=…": a product's own, or that of one of its variants."""
        field, _, value = lookup.partition("=")
        if field != "sku":
            raise Rejected(f"a product cannot be looked up by {field}", code="bad_lookup")
        for path, id in ((PATH, "id"), (VARIANTS, "product_id")):
            for row in self.client.page(path, {"sku": value}).items:
                if text(row.get("sku")).lower() == value.lower():
                    return id_of(row.get(id))
        raise Gone(f"there is no product whose SKU is {value}", code="no_such_product")

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.client, self.name, (PRODUCTS,), cursor)


def product_from(raw: Raw) -> Product:
    product, store = raw["product"], record(raw.get("store"))
    counted = text(product.get("inventory_tracking")) in COUNTED
    return Product(
        id=id_of(product.get("id")),
        sku=text(product.get("sku")),
        name=text(product.get("name")) or text(product.get("sku")),
        description=plain(product.get("description")),
        price=_price(product, store),
        currency=text(store.get("currency")).upper() or None,
        active=bool(product.get("is_visible", True)),
        inventory=money(product.get("inventory_level")) if counted else None,
        updated_at=instant(product["date_modified"]) if product.get("date_modified") else None,
    )


def _price(product: Raw, store: Raw) -> Decimal | None:
    """Without tax. A store may have its prices entered with tax; how much of one that is, depends on who buys."""
    if product.get("price") is None or store.get("is_price_entered_with_tax"):
        return None
    return money(product["price"])


def plain(value: Any) -> str:
    """Descriptions are HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text(value))).split())
