"""Who a document is made out to: copied from the client once, and never changed by later edits of the client."""

from __future__ import annotations

from connectors.freshbooks.sandbox.tables import Row

RECIPIENT = [
    "fname",
    "lname",
    "organization",
    "street",
    "street2",
    "city",
    "province",
    "code",
    "country",
    "vat_name",
    "vat_number",
    "address",
]


def snapshot(client: Row) -> Row:
    names = {name: client[name] for name in ("fname", "lname", "organization")}
    parts = {part: client[f"p_{part}"] for part in ("street", "street2", "city", "province", "code", "country")}
    vat = {name: client[name] or "" for name in ("vat_name", "vat_number")}
    return names | parts | vat | {"address": ""}
