"""Products. Their id is Magento's own, since a SKU may be renamed; single products are read by SKU."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connectors.base import Notice, Resource
from connectors.documents import Product, Raw
from connectors.errors import Gone, Rejected
from connectors.magento.cursor import Feed, changed
from connectors.magento.listing import created_between
from connectors.magento.reading import extension, id_of, instant, money, rows, text

if TYPE_CHECKING:
    from connectors.magento.connector import MagentoConnector

FEED = Feed("products", "/products", "product", record="id", shown="id")
ENABLED = "1"


class Products(Resource[Product]):
    name = "product"
    label = "Product"
    document = Product
    connector: MagentoConnector

    def fetch(self, id: str) -> Raw:
        """A list leaves out the stock, so the product is read once more by its SKU, unless that holds a slash: not
        every web server lets an encoded one through."""
        product = self._only("entity_id", id, "id")
        sku = str(product["sku"])
        if "/" not in sku:
            product = self.connector.client.record(f"/products/{quote(sku, safe='')}")
        return {"product": product, "store": self._store(product)}

    def parse(self, raw: Raw) -> Product:
        return product_from(raw)

    def resolve(self, lookup: str) -> str:
        """From "sku=…"."""
        field, _, value = lookup.partition("=")
        if field != "sku":
            raise Rejected(f"a product cannot be looked up by {field}", code="bad_lookup")
        return id_of(self._only("sku", value, "sku")["id"])

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.name, (FEED,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return created_between(self.connector.client, "/products", start, end, shown="id")

    def _only(self, column: str, value: str, shown: str) -> Raw:
        found = self.connector.client.every("/products", [(column, "eq", value)], shown="id")
        for row in found:
            if str(row.get(shown)).lower() == value.lower():
                return row
        raise Gone(f"there is no product whose {shown} is {value}", code="no_such_product")

    def _store(self, product: Raw) -> Raw:
        """Prices are in the base currency of a website that sells the product."""
        websites = [id_of(one) for one in extension(product).get("website_ids") or ()]
        stores = self.connector.stores
        return dict(next((one for one in stores if id_of(one["website_id"]) in websites), stores[0] if stores else {}))


def product_from(raw: Raw) -> Product:
    product = raw["product"]
    stock = extension(product).get("stock_item")
    attributes = {row.get("attribute_code"): row.get("value") for row in rows(product.get("custom_attributes"))}
    price = product.get("price")
    return Product(
        id=id_of(product.get("id")),
        sku=text(product.get("sku")),
        name=text(product.get("name")) or text(product.get("sku")),
        description=plain(attributes.get("short_description") or attributes.get("description")),
        price=None if price is None else money(price),
        currency=text((raw.get("store") or {}).get("base_currency_code")) or None,
        active=id_of(product.get("status")) == ENABLED,
        inventory=money(stock["qty"]) if stock and stock.get("qty") is not None else None,
        updated_at=instant(product["updated_at"]) if product.get("updated_at") else None,
    )


def plain(value: Any) -> str:
    """Descriptions are HTML."""
    return " ".join(text(re.sub(r"<[^>]+>", " ", str(value or ""))).split())
