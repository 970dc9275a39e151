"""Addresses and names, as orders and customers write them."""

from __future__ import annotations

from typing import Any

from connectors.clarity.record import Record
from connectors.documents import Address

CODE = 2
"""Letters of a country's code; also of a state's in most countries that have states."""


def address(record: Record) -> Address:
    """A region as short as a code is one too."""
    region, country = record.text("region"), record.text("country")
    return Address(
        first_name=record.text("firstName"),
        last_name=record.text("lastName"),
        company=record.text("company"),
        street=record.text("street1"),
        street2=record.text("street2"),
        city=record.text("city"),
        region=region,
        region_code=region.upper() if len(region) == CODE else "",
        postcode=record.text("postalCode"),
        country=country.upper() if len(country) == CODE else country,
        phone=record.text("phone"),
    )


def buyer(order: Record) -> dict[str, Any]:
    """A guest has no customer's id; the name may stand only in the billing address."""
    billing = address(order.child("billingAddress", "address"))
    customer_id = order.id("customerId")
    return {
        "customer_id": customer_id,
        "guest": not customer_id,
        "email": order.text("customerEmail"),
        "first_name": order.text("firstName") or billing.first_name,
        "last_name": order.text("lastName") or billing.last_name,
        "company": order.text("company") or billing.company,
        "vat_number": order.text("taxId"),
        "billing": billing,
        "shipping": address(order.child("shippingAddress", "address")),
    }
