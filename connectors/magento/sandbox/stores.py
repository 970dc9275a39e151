"""What the shop tells about itself: stores, websites, currencies; and the admin's login, which is no use to us."""

from __future__ import annotations

from connectors.magento.sandbox.access import ADMIN_TOKEN, ANONYMOUS
from connectors.magento.sandbox.catalogue import NEW_YORK, RATES, STORES, Store
from connectors.magento.sandbox.refusals import invalid
from connectors.magento.sandbox.routing import Routes
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.sandbox import Call

READ_STORES = "Magento_Backend::store"


def store_configs(shop: Shop, call: Call) -> list[Row]:
    host = call.headers.get("Host", "magento.example.com")
    return [_config(store, f"http://{host}/") for store in STORES]


def _config(store: Store, url: str) -> Row:
    paths = {"url": "", "link_url": "index.php/", "static_url": "static/version1/", "media_url": "media/"}
    return {
        "id": store.id,
        "code": store.code,
        "website_id": store.id,
        "locale": store.locale,
        "base_currency_code": store.currency,
        "default_display_currency_code": store.currency,
        "timezone": store.timezone,
        "weight_unit": "lbs" if store is NEW_YORK else "kgs",
        **{f"base_{name}": url + path for name, path in paths.items()},
        **{f"secure_base_{name}": url + path for name, path in paths.items()},
    }


def store_views(shop: Shop, call: Call) -> list[Row]:
    views = [
        {
            "id": one.id,
            "code": one.code,
            "name": one.name,
            "website_id": one.id,
            "store_group_id": one.id,
            "is_active": 1,
        }
        for one in STORES
    ]
    return [*views, {"id": 0, "code": "admin", "name": "Admin", "website_id": 0, "store_group_id": 0, "is_active": 1}]


def websites(shop: Shop, call: Call) -> list[Row]:
    codes = {NEW_YORK.id: "base"}
    sites = [
        {"id": one.id, "code": codes.get(one.id, one.code), "name": one.website, "default_group_id": one.id}
        for one in STORES
    ]
    return [*sites, {"id": 0, "code": "admin", "name": "Admin", "default_group_id": 0}]


def currency(shop: Shop, call: Call) -> Row:
    return {
        "base_currency_code": NEW_YORK.currency,
        "base_currency_symbol": "$",
        "default_display_currency_code": NEW_YORK.currency,
        "default_display_currency_symbol": "$",
        "available_currency_codes": [NEW_YORK.currency, *RATES],
        "exchange_rates": [{"currency_to": code, "rate": rate} for code, rate in RATES.items()],
    }


def admin_token(shop: Shop, call: Call) -> str:
    """From 2.4 on two-factor authentication keeps machines out."""
    if shop.switch["version"] != "2.3":
        raise invalid(
            "Please use the 2fa provider-specific endpoints to obtain a token.", {"active_providers": ["google"]}
        )
    return ADMIN_TOKEN


ROUTES: Routes = [
    ("GET", r"store/storeConfigs", READ_STORES, store_configs),
    ("GET", r"store/storeViews", READ_STORES, store_views),
    ("GET", r"store/websites", READ_STORES, websites),
    ("GET", r"directory/currency", ANONYMOUS, currency),
    ("POST", r"integration/admin/token", ANONYMOUS, admin_token),
]
