"""Who buys: registered customers in every shape that hurts, and guests."""

from __future__ import annotations

import random
from dataclasses import dataclass

from connectors.magento.sandbox.tables import Row


@dataclass(frozen=True)
class Place:
    """An address. Some countries have no regions, some no postcodes."""

    street: tuple[str, ...]
    city: str
    country: str
    postcode: str | None = None
    region: str = ""
    region_code: str = ""
    region_id: int = 0

    def in_order(self) -> Row:
        """An order's address holds the region as text."""
        region = {"region": self.region, "region_code": self.region_code, "region_id": self.region_id}
        return {
            "city": self.city,
            "country_id": self.country,
            "street": list(self.street),
            **({"postcode": self.postcode} if self.postcode else {}),
            **(region if self.region else {}),
        }

    def in_account(self) -> Row:
        """A customer's address holds it as an object whose parts may be null."""
        region = {"region_code": self.region_code or None, "region": self.region or None, "region_id": self.region_id}
        return {**self.in_order(), "region": region, "region_id": self.region_id}


@dataclass(frozen=True)
class Buyer:
    """`id` None = a guest. `named` False = the names stand only in the billing address."""

    first: str
    last: str
    email: str
    place: Place
    id: int | None = None
    company: str = ""
    vat: str = ""
    phone: str = "0"
    named: bool = True


DETROIT = Place(("6146 Honey Bluff Parkway",), "Calder", "US", "49628-7978", "Michigan", "MI", 33)
MANHATTAN = Place(("350 W 31st St", "Floor 4"), "New York", "US", "10001", "New York", "NY", 43)
LYON = Place(("1 Rue de la République",), "Lyon", "FR", "69001", "Rhône", "69", 251)
GHENT = Place(("Korenlei 7",), "Gent", "BE", "9000")
DUBAI = Place(("Al Wasl Road 12",), "Dubai", "AE")
TOKYO = Place(("1-2-3 Ginza",), "Chuo-ku", "JP", "104-0061", "Tokyo")

AMERICANS = (
    Buyer("Veronica", "Costello", "veronica@example.com", DETROIT, 1, phone="(555) 229-3326"),
    Buyer("Ada", "O&#039;Byte", "Ada.Byte@Example.com", MANHATTAN, 2, phone="+1 212 555 0100"),
    Buyer("Grace", "Mills", "grace@mills.example.com", DETROIT, 3, "Mills &amp; Daughters", "US-47", "555 0199"),
)
FRENCH = (
    Buyer("Zoé", "Lefèvre", "zoe@example.fr", LYON, 4, phone="+33 4 00 00 00 00"),
    Buyer("Jan", "Peeters", "jan@peeters.example.be", GHENT, 5, "Peeters BVBA", "BE0123456749"),
)
FAR = (
    Buyer("Layla", "Haddad", "layla@example.ae", DUBAI, 6),
    Buyer("Ken", "Sato", "ken@example.jp", TOKYO, 7),
)
COMPANIES = (AMERICANS[2], FRENCH[1])
CUSTOMERS = (*AMERICANS, *FRENCH, *FAR)

_FIRST = ("Iris", "Tom", "Nora", "Sam", "Mina", "Otto", "Lena", "Hugo")
_LAST = ("Quill", "Marsh", "Bauer", "Rossi", "Novak", "Berg", "Silva", "Kern")


def guest(dice: random.Random, place: Place) -> Buyer:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    email = f"{first}.{last}{dice.randrange(1000)}@example.net".lower()
    return Buyer(first, last, email, place, named=dice.random() < 0.5)


def customer_row(buyer: Buyer, now: str) -> Row:
    assert buyer.id is not None, "a guest has no account"
    address = buyer.place.in_account() | {
        "id": buyer.id * 10,
        "customer_id": buyer.id,
        "telephone": buyer.phone,
        "firstname": buyer.first,
        "lastname": buyer.last,
        "default_shipping": True,
        "default_billing": True,
    }
    store = 2 if buyer in FRENCH else 1
    return {
        "id": buyer.id,
        "group_id": 1,
        "default_billing": str(buyer.id * 10),
        "default_shipping": str(buyer.id * 10),
        "created_at": now,
        "updated_at": now,
        "created_in": "Default Store View" if store == 1 else "Boutique Paris",
        "email": buyer.email,
        "firstname": buyer.first,
        "lastname": buyer.last,
        "store_id": store,
        "website_id": store,
        **({"taxvat": buyer.vat} if buyer.vat else {}),
        "addresses": [address | ({"company": buyer.company} if buyer.company else {})],
        "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": False},
    }
