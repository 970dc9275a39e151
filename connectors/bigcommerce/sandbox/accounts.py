"""Customers in the words that all simulators share, and what people do to them in the store's own screens."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.bigcommerce.sandbox.customers_v3 import addresses_of, save_address, save_customer
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.refusals import Refused
from connectors.bigcommerce.sandbox.shop import Shop

NAMES = ("email", "first_name", "last_name", "company", "phone")
PLACED = {"street": "address1", "city": "city", "postcode": "postal_code", "country": "country_code"}
SOMEWHERE = {
    "address1": "1 Road", "city": "Calder", "state_or_province": "", "country_code": "US", "postal_code": "49628",
}  # fmt: skip


def person(shop: Shop, row: Row) -> dict[str, str]:
    home = _home(shop, row["id"])
    told = {name: str(row.get(name) or "") for name in NAMES}
    placed = {ours: str(home.get(theirs) or "") for ours, theirs in PLACED.items()}
    return {**told, **placed, "vat_number": _vat(shop, row)}


def edit(shop: Shop, wanted: Mapping[str, str]) -> str:
    """Raises ValueError where the store's own screens would refuse."""
    id = int(wanted["id"]) if "id" in wanted else 0
    if id and id not in shop.customers:
        raise ValueError(f"there is no customer {id}")
    if wanted.get("gone"):
        _delete(shop, id)
        return str(id)
    try:
        row = save_customer(shop, _changed(shop, id, wanted))
    except Refused as refused:
        raise ValueError(str(refused)) from refused
    placed = {theirs: wanted[ours] for ours, theirs in PLACED.items() if ours in wanted}
    if placed or not id:
        named = {name: row[name] for name in ("first_name", "last_name")}
        save_address(shop, {**SOMEWHERE, **named, "customer_id": row["id"], **_home(shop, row["id"]), **placed})
    return str(row["id"])


def _changed(shop: Shop, id: int, wanted: Mapping[str, str]) -> Row:
    change: Row = {"id": id} if id else _fresh(shop)
    change |= {name: wanted[name] for name in NAMES if name in wanted}
    if "vat_number" in wanted:
        change["form_fields"] = [{"name": shop.switch["vat_field"], "value": wanted["vat_number"]}]
    return change


def _fresh(shop: Shop) -> Row:
    id = shop.next("customer")
    return {"id": id, "email": f"person-{id}@example.com", "first_name": "Pat", "last_name": f"Person {id}"}


def _delete(shop: Shop, id: int) -> None:
    del shop.customers[id]
    shop.addresses[:] = [row for row in shop.addresses if row["customer_id"] != id]
    shop.announce("customer/deleted", {"type": "customer", "id": id})


def _vat(shop: Shop, row: Row) -> str:
    fields = row.get("form_fields", ())
    return next((str(one["value"]) for one in fields if one["name"] == shop.switch["vat_field"]), "")


def _home(shop: Shop, id: int) -> Row:
    """The first is the one for bills."""
    return next(iter(addresses_of(shop, id)), {})
