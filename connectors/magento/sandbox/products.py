"""The product calls. A sku may hold anything, slashes included."""

from __future__ import annotations

from connectors.magento.sandbox import columns
from connectors.magento.sandbox.refusals import Refused, required
from connectors.magento.sandbox.routing import Routes
from connectors.magento.sandbox.search import search
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.sandbox import Call


def list_products(shop: Shop, call: Call) -> Row:
    return search(call, shop.products, columns.PRODUCT, shop.switch)


def get_product(shop: Shop, call: Call) -> Row:
    found = _by_sku(shop, call.params["sku"])
    if found is None:
        raise Refused(404, "The product that was requested doesn't exist. Verify the product and try again.")
    return found


def put_product(shop: Shop, call: Call) -> Row:
    """An update, or a new product where the sku is not known."""
    sent = (call.json() or {}).get("product")
    if sent is None:
        raise required("product")
    known = _by_sku(shop, call.params["sku"]) or {"id": shop.products.next_id(), "created_at": shop.clock.stamp()}
    return save_product(shop, known | sent | {"sku": call.params["sku"], "id": known["id"]})


def save_product(shop: Shop, product: Row) -> Row:
    shop.save(shop.products, product)
    shop.announce("product", product)
    return product


def _by_sku(shop: Shop, sku: str) -> Row | None:
    return next(iter(shop.products.newest("sku", sku)), None)


ROUTES: Routes = [
    ("GET", r"products", "Magento_Catalog::products", list_products),
    ("GET", r"products/(?P<sku>.+)", "Magento_Catalog::products", get_product),
    ("PUT", r"products/(?P<sku>.+)", "Magento_Catalog::products", put_product),
]
