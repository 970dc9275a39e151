"""Changing a customer: the fields that were asked for, and not a word about all others.

Whether a site that is sent a part of an address keeps the rest of it, no sheet tells (4.2). So an address goes whole, as it
was read right before, with the change in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.clarity.changing import Change
from connectors.clarity.people import CODE
from connectors.clarity.record import Record
from connectors.documents import Address, Raw

NAMES = {
    "email": "email",
    "first_name": "firstName",
    "last_name": "lastName",
    "company": "company",
    "phone": "phone",
    "vat_number": "taxId",
}
"""Ours → theirs, of the customer."""
LENT = ("first_name", "last_name", "company", "phone")
"""What is read of the billing address where the customer has none: to be nothing, it must go there, too."""
ADDRESSES = {"billing": "billingAddress", "shipping": "shippingAddress"}
POSTAL = {"street": "street1", "street2": "street2", "city": "city", "postcode": "postalCode", "country": "country"}
PERSONAL = {"first_name": "firstName", "last_name": "lastName", "company": "company", "phone": "phone"}


def amended(customer: Record, fields: Mapping[str, Any]) -> Raw:
    """What is to be sent."""
    change = Change(customer)
    for ours in NAMES.keys() & fields.keys():
        change.set(NAMES[ours], fields[ours] or None)
    for ours, theirs in ADDRESSES.items():
        emptied = [one for one in LENT if one in fields and not fields[one]] if ours == "billing" else []
        place = (fields[ours] or Address()) if ours in fields else None
        if place is not None or emptied:
            before = customer.child(theirs, "address")
            change.set(theirs, _address(before, place, emptied))
    return change.body


def _address(before: Record, place: Address | None, emptied: list[str]) -> Raw:
    change = Change(before)
    if place is not None:
        for ours, theirs in POSTAL.items():
            change.set(theirs, getattr(place, ours) or None)
        change.set("region", _region(before.text("region"), place) or None)
        for ours in (name for name in PERSONAL if getattr(place, name)):
            change.set(PERSONAL[ours], getattr(place, ours))
    for ours in emptied:
        change.set(PERSONAL[ours], None)
    return {**before.raw, **change.body}


def _region(before: str, place: Address) -> str:
    """As the site writes regions: by their codes or by their names. What already says so stays."""
    if before and before in (place.region, place.region_code):
        return before
    by_code = len(before) == CODE or not before
    return (place.region_code if by_code else "") or place.region or place.region_code
