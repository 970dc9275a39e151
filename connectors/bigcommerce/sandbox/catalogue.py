"""What the simulated merchant sells, and the taxes that apply."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sandbox.money import number

TIMEZONE = "America/Chicago"
CURRENCY = "USD"
NAME = "Sandbox Goods"


@dataclass(frozen=True)
class Rate:
    name: str
    percent: Decimal


@dataclass(frozen=True)
class Product:
    """`price` is the price of the catalogue. `parts` of a pick list go along and cost nothing."""

    id: int
    sku: str
    name: str
    price: Decimal
    type: str = "physical"
    options: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()


SALES_TAX = Rate("Illinois Tax", Decimal("6.25"))
CITY_TAX = Rate("Chicago Tax", Decimal("4.5"))
GST, PST = Rate("GST", Decimal(5)), Rate("PST", Decimal(7))
VAT, REDUCED = Rate("VAT", Decimal(20)), Rate("VAT reduced", Decimal("5.5"))
CONSUMPTION = Rate("Consumption Tax", Decimal(10))


def _product(id: int, sku: str, name: str, price: str, **more: Any) -> Product:
    return Product(id, sku, name, Decimal(price), **more)


PLAIN = (
    _product(77, "KETTLE-1", "Kettle, 1.5 l", "49.00"),
    _product(78, "BOARD-OAK", "Oak board", "23.45"),
    _product(79, "CUP-S", "Cup & saucer", "8.99"),
    _product(80, "LAMP-T", "Table lamp", "109.00"),
    _product(81, "TOWEL/BLUE", "Towel “Fjord”, blue", "17.33"),
    _product(82, "SOAP-2", "Soap, two pieces", "6.15"),
)
SHIRT = _product(90, "SHIRT-M-RED", "Shirt", "32.50", options=(("Size", "M"), ("Color", "Red")))
HAMPER = _product(91, "HAMPER", "Hamper", "84.95", parts=("Cheese", "Crackers"))
FILE = _product(92, "PDF-MANUAL", "Manual as PDF", "12.00", type="digital")
CERTIFICATE = _product(0, "", "Gift Certificate", "50.00", type="giftcertificate")
TEA = _product(93, "TEA-SET", "Tea set", "4200")
PRODUCTS = (*PLAIN, SHIRT, HAMPER, FILE, TEA)


def product_row(product: Product, now: str) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "type": product.type,
        "sku": product.sku,
        "description": f"<p>{product.name}: made to last.</p>",
        "weight": 1,
        "price": number(product.price),
        "cost_price": 0,
        "retail_price": 0,
        "sale_price": 0,
        "calculated_price": number(product.price),
        "tax_class_id": 0,
        "product_tax_code": "",
        "categories": [23],
        "is_visible": True,
        "inventory_level": 100,
        "inventory_tracking": "product",
        "upc": "",
        "mpn": "",
        "gtin": "",
        "base_variant_id": product.id + 1000,
        "date_created": now,
        "date_modified": now,
    }


def variant_row(product: dict[str, Any]) -> dict[str, Any]:
    """Every product has one; without a price of its own it costs what the product does."""
    return {
        "id": product.get("base_variant_id") or product["id"] + 1000,
        "product_id": product["id"],
        "sku": product.get("sku", ""),
        "sku_id": None,
        "price": None,
        "calculated_price": product.get("price"),
        "option_values": [],
    }
