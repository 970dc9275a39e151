"""Customers in the words that all simulators share, and what people do to them in the shop's own screens."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.magento.sandbox.customers import save_customer
from connectors.magento.sandbox.refusals import Refused
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

NAMES = {"email": "email", "first_name": "firstname", "last_name": "lastname", "vat_number": "taxvat"}
PLACED = {"company": "company", "phone": "telephone", "city": "city", "postcode": "postcode", "country": "country_id"}
SOMEWHERE = {"street": ["1 Road"], "city": "Calder", "country_id": "US", "postcode": "49628", "telephone": "0"}


def person(row: Row) -> dict[str, str]:
    home = _home(row)
    told = {ours: str(row.get(theirs) or "") for ours, theirs in NAMES.items()}
    placed = {ours: str(home.get(theirs) or "") for ours, theirs in PLACED.items()}
    return {**told, **placed, "street": ", ".join(home.get("street", ()))}


def edit(shop: Shop, wanted: Mapping[str, str]) -> str:
    """Raises ValueError where the shop's own screens would."""
    row = shop.customers.edit(int(wanted["id"])) if "id" in wanted else _fresh(shop)
    if row is None:
        raise ValueError(f"there is no customer {wanted['id']}")
    if wanted.get("gone"):
        shop.customers.remove(row["id"])
        return str(row["id"])
    row |= {theirs: wanted[ours] for ours, theirs in NAMES.items() if ours in wanted}
    home = _home(row)
    home |= {theirs: wanted[ours] for ours, theirs in PLACED.items() if ours in wanted}
    home |= {"street": [wanted["street"]]} if "street" in wanted else {}
    try:
        return str(save_customer(shop, row)["id"])
    except Refused as refused:
        raise ValueError(refused.message) from refused


def _home(row: Row) -> Row:
    """The default billing address."""
    return next((one for one in row.get("addresses", ()) if one.get("default_billing")), {})


def _fresh(shop: Shop) -> Row:
    id = shop.customers.next_id()
    names = {"email": f"person-{id}@example.com", "firstname": "Pat", "lastname": f"Person {id}"}
    home = {**SOMEWHERE, "firstname": "Pat", "lastname": "Person", "default_billing": True, "default_shipping": True}
    return {
        "id": id, "group_id": 1, "store_id": 1, "website_id": 1, "disable_auto_group_change": 0,
        "created_at": shop.clock.stamp(), "addresses": [home], **names,
    }  # fmt: skip
