"""Changing a customer: the fields that were asked for, and not a word about all others.

Customers and their addresses are two resources: what a PUT of one leaves out is kept, and neither says anything of the
other (sheet, 3.1). So a change of both is two calls, each of which may be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.bigcommerce.client import Client
from connectors.bigcommerce.people import PLACES, VAT, customer_address, form_fields
from connectors.bigcommerce.reading import id_of, text
from connectors.documents import Address, Raw
from connectors.errors import Rejected

CUSTOMERS, ADDRESSES = "/v3/customers", "/v3/customers/addresses"
NAMES = ("email", "first_name", "last_name", "company", "phone")
"""Theirs are named like ours."""
LENT = ("company", "phone")
"""What is read of the first address where the customer has none: to be nothing, it must go there, too."""
VAT_FIELD = "VAT Number"
"""The merchant's own field of the account form, where the customer has none of another name yet."""
REQUIRED = ("address1", "city", "country_code")
"""Of a new address."""


def amend(client: Client, customer: Raw, addresses: list[Raw], fields: Mapping[str, Any]) -> None:
    """`addresses` are the customer's, the eldest first."""
    columns: Raw = {name: fields[name] or "" for name in NAMES if name in fields}
    if "vat_number" in fields:
        columns["form_fields"] = [{"name": _vat_field(customer), "value": fields["vat_number"] or ""}]
    if columns:
        client.put(CUSTOMERS, [{"id": customer["id"], **columns}])
    for number, name in enumerate(PLACES):
        if name in fields:
            _place(client, customer, addresses, number, fields[name] or Address())
    emptied = {name: "" for name in LENT if name in fields and not fields[name]}
    if any(text(addresses[0].get(name)) for name in emptied if addresses):
        client.put(ADDRESSES, [{"id": addresses[0]["id"], **emptied}])


def _vat_field(customer: Raw) -> str:
    return next((name for name, _ in form_fields(customer) if name.lower() in VAT), VAT_FIELD)


def _place(client: Client, customer: Raw, addresses: list[Raw], number: int, place: Address) -> None:
    """In its place, if there is one. BigCommerce keeps no two alike: one that is there already is not made again, and
    serves for both."""
    wanted = _columns(place)
    if number < len(addresses):
        client.put(ADDRESSES, [{"id": addresses[number]["id"], **wanted}])
    elif place.street and _where(place) not in map(_where, map(customer_address, addresses)):
        client.post(ADDRESSES, [_new(customer, wanted)])


def _columns(place: Address) -> Raw:
    """Street, town, postcode and country whole; a name, company or phone only where it is given."""
    postal = {
        "address1": place.street,
        "address2": place.street2,
        "city": place.city,
        "state_or_province": place.region or place.region_code,
        "postal_code": place.postcode,
    }
    given = {
        "country_code": place.country,
        "first_name": place.first_name,
        "last_name": place.last_name,
        "company": place.company,
        "phone": place.phone,
    }
    return {**postal, **{name: value for name, value in given.items() if value}}


def _new(customer: Raw, wanted: Raw) -> Raw:
    lacking = next((name for name in REQUIRED if not wanted.get(name)), "")
    if lacking:
        raise Rejected(
            f"customer {id_of(customer.get('id'))} has no address in BigCommerce yet, and a new one needs street, town "
            "and country: enter the whole address in the books, or one in BigCommerce",
            field=lacking,
            code="no_address",
        )
    names = {name: text(customer.get(name)) for name in ("first_name", "last_name")}
    return {"customer_id": customer["id"], **names, **wanted}


def _where(place: Address) -> tuple[str, ...]:
    return place.street, place.city, place.postcode, place.country
