"""Clients in the words that all simulators share, and what people do to them in the vendor's own screens."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.clients import Clients
from connectors.freshbooks.sandbox.refusals import Refusal
from connectors.freshbooks.sandbox.resource import DELETED
from connectors.freshbooks.sandbox.tables import Row

NAMES = {
    "email": "email",
    "first_name": "fname",
    "last_name": "lname",
    "company": "organization",
    "phone": "bus_phone",
    "vat_number": "vat_number",
    "street": "p_street",
    "city": "p_city",
    "postcode": "p_code",
    "country": "p_country",
}
COUNTRIES = {"US": "United States", "FR": "France", "GB": "United Kingdom"}
"""The vendor writes them out."""


def person(row: Row) -> dict[str, str]:
    codes = {name: code for code, name in COUNTRIES.items()}
    told = {ours: str(row[theirs] or "") for ours, theirs in NAMES.items()}
    return {**told, "country": codes.get(told["country"], told["country"])}


def edit(clients: Clients, wanted: Mapping[str, str]) -> str:
    """Raises ValueError where the vendor's own screens would."""
    given = {NAMES[name]: value for name, value in wanted.items() if name in NAMES}
    if "p_country" in given:
        given["p_country"] = COUNTRIES.get(given["p_country"], given["p_country"])
    body = Body({"vis_state": DELETED} if wanted.get("gone") else given, "client", clients.switch)
    try:
        row = clients.updated(clients.existing(wanted["id"]), body) if "id" in wanted else clients.created(body)
    except Refusal as refusal:
        raise ValueError(refusal.message) from refusal
    return str(row["id"])
