"""Who buys: registered customers, and guests, whose id is 0. Orders and accounts name the parts of an address
differently."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    street: str
    city: str
    state: str
    zip: str
    country: str
    code: str


@dataclass(frozen=True)
class Buyer:
    """`id` 0 = a guest. `fields` are the merchant's own fields of the checkout."""

    first: str
    last: str
    email: str
    place: Place
    id: int = 0
    company: str = ""
    phone: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def in_order(self) -> Row:
        return {
            "first_name": self.first,
            "last_name": self.last,
            "company": self.company,
            "street_1": self.place.street,
            "street_2": "",
            "city": self.place.city,
            "state": self.place.state,
            "zip": self.place.zip,
            "country": self.place.country,
            "country_iso2": self.place.code,
            "phone": self.phone,
            "email": self.email,
            "form_fields": [{"name": name, "value": value} for name, value in self.fields],
        }


CHICAGO = Place("17 Lake Street", "Chicago", "Illinois", "60601", "United States", "US")
TORONTO = Place("4 King Street", "Toronto", "Ontario", "M5H 1A1", "Canada", "CA")
LEEDS = Place("9 Mill Lane", "Leeds", "West Yorkshire", "LS1 4AP", "United Kingdom", "GB")
KYOTO = Place("3-1 Gion", "Kyoto", "Kyoto", "605-0073", "Japan", "JP")

AMERICANS = (
    Buyer("Ada", "Byrne", "Ada.Byrne@example.com", CHICAGO, 1, phone="(555) 010-2233"),
    Buyer("Omar", "O'Dell", "omar@example.com", CHICAGO, 2),
)
COMPANY = Buyer(
    "Lena", "Fox", "lena@fox.example.com", CHICAGO, 3, "Fox & Sons", "555 0199", (("PO Number", "PO-77"), ("Gate", "B"))
)
CANADIAN = Buyer("Marc", "Roy", "marc@example.ca", TORONTO, 4)
BRITON = Buyer("Priya", "Shah", "priya@example.co.uk", LEEDS, 5, fields=(("VAT Number", "GB123456789"),))
JAPANESE = Buyer("Ken", "Sato", "ken@example.jp", KYOTO, 6)
CUSTOMERS = (*AMERICANS, COMPANY, CANADIAN, BRITON, JAPANESE)

_FIRST = ("Iris", "Tom", "Nora", "Sam", "Mina", "Otto")
_LAST = ("Quill", "Marsh", "Bauer", "Rossi", "Novak", "Berg")


def guest(dice: random.Random, place: Place = CHICAGO) -> Buyer:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    return Buyer(first, last, f"{first}.{last}{dice.randrange(1000)}@example.net".lower(), place)


def customer_row(buyer: Buyer, now: str) -> Row:
    return {
        "id": buyer.id,
        "authentication": {"force_password_reset": False},
        "company": buyer.company,
        "customer_group_id": 0,
        "email": buyer.email,
        "first_name": buyer.first,
        "last_name": buyer.last,
        "notes": "",
        "phone": buyer.phone,
        "registration_ip_address": "",
        "tax_exempt_category": "",
        "date_created": now,
        "date_modified": now,
        "accepts_product_review_abandoned_cart_emails": False,
        "origin_channel_id": 1,
        "channel_ids": None,
    }


def address_row(buyer: Buyer) -> Row:
    return {
        "id": buyer.id * 10,
        "customer_id": buyer.id,
        "first_name": buyer.first,
        "last_name": buyer.last,
        "company": buyer.company,
        "address1": buyer.place.street,
        "address2": "",
        "city": buyer.place.city,
        "state_or_province": buyer.place.state,
        "postal_code": buyer.place.zip,
        "country": buyer.place.country,
        "country_code": buyer.place.code,
        "phone": buyer.phone,
        "address_type": "residential",
    }
