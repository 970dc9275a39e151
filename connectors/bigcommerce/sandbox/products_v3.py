"""Products with their variants, and what the store says of itself."""

from __future__ import annotations

from connectors.bigcommerce.sandbox.catalogue import CURRENCY, NAME, TIMEZONE, variant_row
from connectors.bigcommerce.sandbox.listing import among, dated, equal, filtered, in_order, listed_v3, one_v3
from connectors.bigcommerce.sandbox.presenting import HASH
from connectors.bigcommerce.sandbox.refusals import v3
from connectors.bigcommerce.sandbox.routing import Routes
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.sandbox import Call, Reply


def list_products(shop: Shop, call: Call) -> Reply:
    wanted = {"id": equal("id"), "id:in": among("id"), "sku": equal("sku"), **dated("date_modified")}
    found = filtered(shop.products.values(), call, wanted)
    return listed_v3(in_order(found, call.get("sort") or "id", call.get("direction") or "asc"), call)


def show_product(shop: Shop, call: Call) -> Reply:
    found = shop.products.get(int(call.params["id"]))
    if found is None:
        raise v3(404, "A product was not found with id " + call.params["id"])
    return one_v3(found)


def list_variants(shop: Shop, call: Call) -> Reply:
    rows = [variant_row(product) for product in shop.products.values()]
    return listed_v3(filtered(rows, call, {"sku": equal("sku"), "product_id:in": among("product_id")}), call)


def show_store(shop: Shop, call: Call) -> Reply:
    zone = {"name": TIMEZONE, "raw_offset": -21600, "dst_offset": -18000, "dst_correction": True}
    return Reply(
        body={
            "id": HASH,
            "domain": "sandbox.example.com",
            "name": NAME,
            "timezone": {**zone, "date_format": {"display": "M jS Y", "export": "M jS Y"}},
            "currency": CURRENCY,
            "decimal_places": 2,
            "is_price_entered_with_tax": bool(shop.switch["prices_with_tax"]),
            "plan_level": "Standard",
            "store_id": 1025646,
        }
    )


def show_time(shop: Shop, call: Call) -> Reply:
    return Reply(body={"time": int(shop.clock.server_time().timestamp())})


V2_ROUTES: Routes = (
    ("GET", "/store", "information", show_store),
    ("GET", "/time", "", show_time),
)
ROUTES: Routes = (
    ("GET", "/catalog/products", "products", list_products),
    ("GET", r"/catalog/products/(?P<id>\d+)", "products", show_product),
    ("GET", "/catalog/variants", "products", list_variants),
)
