"""What the simulated merchant has: two stores, their tax rates, and things to sell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.magento.sandbox.tables import Row
from connectors.magento.sandbox.tax import Rate


@dataclass(frozen=True)
class Store:
    id: int
    code: str
    name: str
    website: str
    timezone: str
    locale: str
    currency: str
    includes_tax: bool

    @property
    def full_name(self) -> str:
        return f"{self.website}\n{self.website} Store\n{self.name}"


@dataclass(frozen=True)
class Product:
    """`price` is the price of the catalogue. A bundle is priced by its parts, or has a fixed price."""

    id: int
    sku: str
    name: str
    price: Decimal
    kind: str = "simple"
    weight: Decimal = Decimal(1)
    tax: str = "standard"
    fixed_price: bool = False
    decimal_quantity: bool = False

    @property
    def virtual(self) -> bool:
        return self.kind in ("virtual", "downloadable", "giftcard")


NEW_YORK = Store(1, "default", "Default Store View", "Main Website", "America/New_York", "en_US", "USD", False)
PARIS = Store(2, "paris", "Boutique Paris", "French Website", "Europe/Paris", "fr_FR", "EUR", True)
STORES = (NEW_YORK, PARIS)

RATES = {"EUR": Decimal("0.92"), "CAD": Decimal("1.3642"), "JPY": Decimal(100), "KWD": Decimal("0.3071")}
"""What one dollar of the base currency buys. The yen is kept round, so that whole dollars make whole yen."""

US_RATE = Rate("US-MI-*-Rate 1", "US-MI-*-Rate 1", Decimal("8.25"))
STATE_RATE = Rate("US-NY-*-State", "NY State Tax", Decimal(4))
CITY_RATE = Rate("US-NY-10001-City", "NYC City Tax", Decimal("4.5"))
JAPAN_RATE = Rate("JP-*-Consumption", "Consumption Tax", Decimal(10))
FRENCH_RATE = Rate("FR-20", "TVA 20 %", Decimal(20))
REDUCED_RATE = Rate("FR-5.5", "TVA 5,5 %", Decimal("5.5"))


def _simple(id: int, sku: str, name: str, price: str, **more: Any) -> Product:
    return Product(id, sku, name, Decimal(price), **more)


PLAIN = (
    _simple(1, "MUG-01", "Enamel mug", "12.95"),
    _simple(2, "PEN-07", "Fountain pen", "37.49", weight=Decimal("0.1")),
    _simple(3, "TENT 2P", "Tent &quot;Two Peaks&quot;", "249.00", weight=Decimal(3)),
    _simple(4, "LAMP/GREEN", "Lamp, green", "59.99", weight=Decimal(2)),
    _simple(5, "ROPE-30", "Rope &amp; hook, 30&nbsp;ft", "18.33"),
    _simple(6, "SOAP-3", "Soap, 3 pieces", "7.77", weight=Decimal("0.3")),
)
BOOK = _simple(7, "BOOK-ATLAS", "Atlas of the coast", "28.90", tax="reduced")
FABRIC = _simple(8, "FABRIC-LINEN", "Linen by the yard", "15.60", decimal_quantity=True)
RADIO = _simple(9, "RADIO-RX", "Radio RX", "89.50")
TEA = _simple(10, "TEA-SET", "Tea set", "42.00")
SUPPORT = _simple(20, "SUPPORT-12", "Support, 12 months", "99.00", kind="virtual", weight=Decimal(0))
MANUAL = _simple(21, "MANUAL-PDF", "Manual as PDF", "9.99", kind="downloadable", weight=Decimal(0))
GIFT_CARD = _simple(22, "GIFT-50", "Gift card", "50.00", kind="giftcard", weight=Decimal(0), tax="none")
HOODIE = _simple(30, "HOODIE", "Harbour hoodie", "69.00", kind="configurable")
HOODIE_M = _simple(31, "HOODIE-M-BLUE", "Harbour hoodie-M-Blue", "69.00")
YOGA_KIT = _simple(40, "YOGA-KIT", "Yoga companion kit", "0.00", kind="bundle")
YOGA_PARTS = (
    _simple(41, "YOGA-BALL", "Yoga ball", "27.00"),
    _simple(42, "YOGA-BRICK", "Yoga brick", "5.00"),
    _simple(43, "YOGA-STRAP", "Yoga strap", "17.00"),
)
PICNIC = _simple(50, "PICNIC", "Picnic basket, complete", "134.95", kind="bundle", fixed_price=True)
PICNIC_PARTS = (_simple(51, "PICNIC-RUG", "Picnic rug", "39.00"), _simple(52, "PICNIC-CUPS", "Four cups", "24.00"))

PRODUCTS = (
    *PLAIN, BOOK, FABRIC, RADIO, TEA, SUPPORT, MANUAL, GIFT_CARD, HOODIE, HOODIE_M,
    YOGA_KIT, *YOGA_PARTS, PICNIC, *PICNIC_PARTS,
)  # fmt: skip


def product_row(product: Product, now: str) -> Row:
    return {
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "attribute_set_id": 4,
        "price": Decimal(0) if product.kind == "configurable" else product.price,
        "status": 1,
        "visibility": 4,
        "type_id": product.kind,
        "created_at": now,
        "updated_at": now,
        "weight": product.weight,
        "extension_attributes": {"website_ids": [1, 2], "stock_item": _stock(product)},
        "product_links": [],
        "options": [],
        "media_gallery_entries": [],
        "tier_prices": [],
        "custom_attributes": [
            {"attribute_code": "url_key", "value": product.sku.lower().replace("/", "-").replace(" ", "-")},
            {"attribute_code": "tax_class_id", "value": "2" if product.tax != "none" else "0"},
            {"attribute_code": "description", "value": f"<p>{product.name}: made to last.</p>"},
        ],
    }


def _stock(product: Product) -> Row:
    return {
        "item_id": product.id,
        "product_id": product.id,
        "stock_id": 1,
        "qty": 100,
        "is_in_stock": True,
        "is_qty_decimal": product.decimal_quantity,
        "manage_stock": not product.virtual,
    }
