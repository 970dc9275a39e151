"""What the site sells, and to whom: customers in every shape that hurts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

ZONE = "America/Chicago"
"""The site's own; its stamps are in UTC all the same."""


@dataclass(frozen=True)
class Product:
    id: str
    sku: str
    name: str
    price: Decimal
    rate: Decimal = Decimal("8.25")
    """Percent of tax where it is sold; the site never shows it."""


@dataclass(frozen=True)
class Buyer:
    """`id` empty = a guest."""

    id: str
    first: str
    last: str
    email: str
    street: str
    city: str
    region: str
    postcode: str
    country: str = "US"
    company: str = ""
    tax_id: str = ""
    phone: str = "+15125550100"


def _product(number: int, sku: str, name: str, price: str, rate: str = "8.25") -> Product:
    return Product(f"prd_{number}", sku, name, Decimal(price), Decimal(rate))


WIDGET = _product(1, "WID-1", "Widget", "10.00")
LAMP = _product(2, "LMP-20", "Desk lamp", "24.50")
CHAIR = _product(3, "CHR-7", "Chair, oak", "149.99")
CABLE = _product(4, "CBL-2M", "Cable, 2 m", "3.33")
BOLTS = _product(5, "BLT-100", "Bolts, box of 100", "0.79")
DESK = _product(6, "DSK-9", "Standing desk", "612.00")
BOOK = _product(7, "BOK-1", "Handbook", "18.75", "0")
MILK = _product(8, "MLK-6", "Oat milk, six", "11.40", "2.25")
ODD = _product(9, "  ", "Part without a number", "5.55")
LONG = _product(10, "SKU/ÄÖ 100%?#" + "X" * 60, "Part with an odd number", "7.10")
TAXED = (WIDGET, LAMP, CHAIR, CABLE, BOLTS, DESK)
PRODUCTS = (*TAXED, BOOK, MILK)

ADA = Buyer("cus_77", "Ada", "Byron", "ada@example.com", "1 Main St", "Austin", "TX", "78701")
GRACE = Buyer(
    "cus_78", "Grace", "O'Neill", "Grace@Mills.example.com", "6146 Honey Bluff Pkwy", "Calder", "MI", "49628",
    company="Mills & Daughters", tax_id="US-47",
)  # fmt: skip
JOSE = Buyer("cus_79", "José", "Núñez", "jose@example.net", "12 Calle Mayor", "Santa Fe", "NM", "87501")
TWIN = Buyer("cus_80", "A.", "Byron", " ADA@example.com", "1 Main St", "Austin", "TX", "78701")
"""A second account with Ada's e-mail address, written otherwise: it comes with its first order."""
ACME = Buyer(
    "cus_81", "Wile", "Coyote", "buyer@acme.example.com", "500 Canyon Rd", "Flagstaff", "AZ", "86001",
    company="Acme Corp", tax_id="US-99",
)  # fmt: skip
KEN = Buyer("cus_82", "Ken", "Sato", "ken@example.jp", "1-2-3 Ginza", "Tokyo", "", "104-0061", country="JP")
CUSTOMERS = (ADA, GRACE, JOSE, ACME, KEN)
COMPANIES = (GRACE, ACME)

_FIRST = ("Iris", "Tom", "Nora", "Sam", "Mina", "Otto", "Lena", "Hugo")
_LAST = ("Quill", "Marsh", "Bauer", "Rossi", "Novak", "Berg", "Silva", "Kern")


def guest(dice: random.Random) -> Buyer:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    email = f"{first}.{last}{dice.randrange(1000)}@example.net".lower()
    return Buyer("", first, last, email, "9 Elm St", "Peoria", "IL", "61602")
