"""Customers in the words that all simulators share, and what people do to them in the site's own screens."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row

NAMES = {
    "email": "email",
    "first_name": "firstName",
    "last_name": "lastName",
    "company": "company",
    "phone": "phone",
    "vat_number": "taxId",
}
PLACED = {"city": "city", "postcode": "postalCode", "country": "country"}
SOMEWHERE = {
    "firstName": "Pat", "lastName": "Person", "company": None, "street1": "1 Road", "street2": None, "city": "Austin",
    "region": "TX", "postalCode": "78701", "country": "US", "phone": "+15125550100",
}  # fmt: skip


def person(row: Row) -> dict[str, str]:
    home = row["billingAddress"]
    told = {ours: str(row.get(theirs) or "") for ours, theirs in NAMES.items()}
    placed = {ours: str(home.get(theirs) or "") for ours, theirs in PLACED.items()}
    street = ", ".join(str(home[line]) for line in ("street1", "street2") if home.get(line))
    return {**told, **placed, "street": street}


def edit(shop: Shop, wanted: Mapping[str, str]) -> str:
    """Raises ValueError where the site's own screens would."""
    known = "id" in wanted
    if known and shop.customers.get(wanted["id"]) is None:
        raise ValueError(f"there is no customer {wanted['id']}")
    row = shop.customers.edit(wanted["id"]) if known else _fresh(shop)
    if wanted.get("gone"):
        shop.customers.remove(row["id"])
        return str(row["id"])
    row |= {theirs: wanted[ours] or None for ours, theirs in NAMES.items() if ours in wanted}
    if "@" not in str(row["email"]):
        raise ValueError(f"{row['email']} is no e-mail address")
    shop.save(shop.customers, row | _moved(row, wanted))
    shop.announce("customer.updated" if known else "customer.created", row)
    return str(row["id"])


def _moved(row: Row, wanted: Mapping[str, str]) -> Row:
    """Whoever has parcels sent home, has them sent to the new one."""
    before = row["billingAddress"]
    place = {theirs: wanted[ours] for ours, theirs in PLACED.items() if ours in wanted}
    street = {"street1": wanted["street"], "street2": None} if "street" in wanted else {}
    home = {**before, **place, **street}
    return {"billingAddress": home, **({"shippingAddress": home} if row["shippingAddress"] == before else {})}


def _fresh(shop: Shop) -> Row:
    id, now = f"cus_{shop.next('customer') + 900}", shop.clock.stamp()
    names = {"firstName": "Pat", "lastName": f"Person {id}", "email": f"{id}@example.com"}
    rest: Row = {"phone": None, "company": None, "taxId": None, "currency": "USD", "isActive": True, "externalIds": {}}
    homes = {"billingAddress": SOMEWHERE, "shippingAddress": SOMEWHERE}
    return {"id": id, **names, **rest, **homes, "createdAt": now, "updatedAt": now}
