"""Addresses and names, as orders and customers write them."""

from __future__ import annotations

from typing import Any

from connectors.documents import Address, Raw
from connectors.magento.reading import extension, rows, text


def address(raw: Any) -> Address:
    """An order's region is a text, a customer's an object; streets have one to four parts."""
    if not raw:
        return Address()
    region = raw.get("region")
    keyed = region if isinstance(region, dict) else {"region": region, "region_code": raw.get("region_code")}
    first, *further = [text(part) for part in street(raw.get("street"))] or [""]
    return Address(
        first_name=text(raw.get("firstname")),
        last_name=text(raw.get("lastname")),
        company=text(raw.get("company")),
        street=first,
        street2=", ".join(filter(None, further)),
        city=text(raw.get("city")),
        region=text(keyed.get("region")),
        region_code=text(keyed.get("region_code")),
        postcode=text(raw.get("postcode")),
        country=text(raw.get("country_id")).upper(),
        phone=text(raw.get("telephone")),
    )


def street(value: Any) -> list[Any]:
    return value if isinstance(value, list) else str(value or "").split("\n")


def shipping_assignment(order: Raw) -> Raw:
    """Where an order keeps its delivery; a virtual order has none."""
    assignments = rows(extension(order).get("shipping_assignments"))
    return (assignments[0].get("shipping") or {}) if assignments else {}
