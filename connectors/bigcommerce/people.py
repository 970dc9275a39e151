"""Addresses and names. Orders and customers name the same parts differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.bigcommerce.reading import id_of, record, rows, text
from connectors.documents import Address, Raw

VAT = ("vat number", "vat id", "vat", "tax id", "tax number", "gstin", "ust-idnr")
PURCHASE_ORDER = ("po number", "po", "purchase order", "purchase order number", "p.o. number")
"""Merchants add such fields to their checkout themselves, in words of their own."""
PLACES = ("billing", "shipping")
"""BigCommerce marks none of a customer's addresses: the first is for bills, the second, where there is one, for parcels."""


def order_address(raw: Raw) -> Address:
    return Address(
        first_name=text(raw.get("first_name")),
        last_name=text(raw.get("last_name")),
        company=text(raw.get("company")),
        street=text(raw.get("street_1")),
        street2=text(raw.get("street_2")),
        city=text(raw.get("city")),
        region=text(raw.get("state")),
        postcode=text(raw.get("zip")),
        country=text(raw.get("country_iso2")).upper(),
        phone=text(raw.get("phone")),
    )


def customer_address(raw: Raw) -> Address:
    return Address(
        first_name=text(raw.get("first_name")),
        last_name=text(raw.get("last_name")),
        company=text(raw.get("company")),
        street=text(raw.get("address1")),
        street2=text(raw.get("address2")),
        city=text(raw.get("city")),
        region=text(raw.get("state_or_province")),
        postcode=text(raw.get("postal_code")),
        country=text(raw.get("country_code")).upper(),
        phone=text(raw.get("phone")),
    )


def form_fields(raw: Raw) -> Iterator[tuple[str, str]]:
    """The merchant's own fields by name; a value may be a text, a number or a list of texts."""
    for field in rows(raw.get("form_fields")):
        value = field.get("value")
        written = ", ".join(map(text, value)) if isinstance(value, list) else text(value)
        if written:
            yield text(field.get("name")), written


def named_field(raw: Raw, names: Sequence[str]) -> str:
    return next((value for name, value in form_fields(raw) if name.lower() in names), "")


def customer_of(order: Raw, shipping: Raw) -> dict[str, object]:
    """Who bought, in an order's words; 0 is a guest, who may have nothing but an address."""
    billing = record(order.get("billing_address"))
    known = order_address(billing)
    return {
        "customer_id": id_of(order.get("customer_id")),
        "guest": not id_of(order.get("customer_id")),
        "email": text(billing.get("email")) or text(shipping.get("email")),
        "first_name": known.first_name,
        "last_name": known.last_name,
        "company": known.company,
        "vat_number": named_field(billing, VAT),
        "billing": known,
        "shipping": order_address(shipping),
    }


def customer_note(order: Raw, addresses: Sequence[Raw]) -> str:
    """The customer's words, and the fields of the checkout that have no other place, each said once."""
    elsewhere = (*VAT, *PURCHASE_ORDER)
    given = [field for place in (record(order.get("billing_address")), *addresses) for field in form_fields(place)]
    told = [f"{name}: {value}" for name, value in given if name.lower() not in elsewhere]
    return "\n".join(filter(None, dict.fromkeys((text(order.get("customer_message")), *told))))
