"""Changing a customer: the fields that were asked for, and not a word about all others.

What a PUT leaves out is kept, custom attributes and all; but an address that is not in a list of addresses is deleted
(sheet, 4.1). So addresses are only sent where one changes, and then all of them, as they were read right before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.documents import Address, Raw
from connectors.errors import Rejected
from connectors.magento.client import Client
from connectors.magento.people import address
from connectors.magento.reading import id_of, rows

NAMES = {"email": "email", "firstname": "first_name", "lastname": "last_name", "taxvat": "vat_number"}
"""Their field → ours."""
IN_ADDRESS = {"company": "company", "phone": "telephone"}
"""Ours, which Magento keeps with the billing address → their field there."""
NOTHING_SAID: Raw = {}
KINDS = {"billing": "default_billing", "shipping": "default_shipping"}


def amend(client: Client, id: str, fields: Mapping[str, Any]) -> Raw:
    """The customer as it is afterwards. Its website, e-mail and names are always sent: Magento checks them."""
    customer = client.record(f"/customers/{id}")
    columns = {theirs: fields[ours] for theirs, ours in NAMES.items() if ours in fields}
    needed = ("id", "website_id", "email", "firstname", "lastname")
    body = {**{name: customer[name] for name in needed if name in customer}, **columns}
    addresses = amended_addresses(customer, fields)
    if addresses is not None:
        body["addresses"] = addresses
    return client.put(f"/customers/{id}", {"customer": body})


def amended_addresses(customer: Raw, fields: Mapping[str, Any]) -> list[Raw] | None:
    """All addresses with the changed ones among them; None where none changes."""
    listed = [{name: value for name, value in row.items() if name != "customer_id"} for row in _marked(customer)]
    extras = {theirs: fields[ours] or "" for ours, theirs in IN_ADDRESS.items() if ours in fields}
    for kind in KINDS:
        more = extras if kind == "billing" else {}
        if kind in fields:
            listed = _moved(listed, kind, fields[kind] or Address(), more, customer)
        elif more:
            listed = _noted(listed, kind, more)
    return listed if extras or KINDS.keys() & fields.keys() else None


def _addresses(customer: Raw) -> list[Raw]:
    return rows(customer.get("addresses"))


def _marked(customer: Raw) -> list[Raw]:
    """Each default said on the address itself: a customer's word for it, an id, would go on meaning that address when the
    default has moved to another."""
    listed = _addresses(customer)
    for flag in KINDS.values():
        current = default(listed, flag, customer)
        listed = [{**row, flag: True} if row is current else row for row in listed]
    return listed


def default(addresses: Sequence[Raw], kind: str, customer: Raw = NOTHING_SAID) -> Raw:
    """Marked on the address itself, or else named by id on the customer; "0" names none. The mark comes first: it is what
    we write, and the customer's word may still name the address that was the default before."""
    wanted = id_of(customer.get(kind))
    marked = [row for row in addresses if row.get(kind) is True]
    named = [row for row in addresses if wanted and id_of(row.get("id")) == wanted]
    return next(iter([*marked, *named]), {})


def _noted(listed: list[Raw], kind: str, extras: Raw) -> list[Raw]:
    """Nobody moved: only a phone or a company changes."""
    current = default(listed, KINDS[kind])
    if not current:
        raise _homeless(kind)
    return [{**row, **extras} if row is current else row for row in listed]


def _moved(listed: list[Raw], kind: str, place: Address, extras: Raw, customer: Raw) -> list[Raw]:
    """An address that serves both as billing and as shipping address is parted where only one of them moves."""
    flag, other = KINDS[kind], next(one for name, one in KINDS.items() if name != kind)
    current = default(listed, flag)
    if not current and not (place.street and place.country):
        raise _homeless(kind)
    names = {name: customer.get(name) for name in ("firstname", "lastname")}
    written = {**(current or names), **_postal(place, current), **extras, flag: True}
    if current and current is default(listed, other):
        stays = {**current, flag: False, other: True}
        moves = {name: value for name, value in written.items() if name not in ("id", other)}
        return [*(stays if row is current else row for row in listed), moves]
    return [written if row is current else row for row in listed] if current else [*listed, written]


def _homeless(kind: str) -> Rejected:
    return Rejected(
        f"Magento keeps a customer's phone and company with the {kind} address, and this customer has none: enter one "
        "there, with street and country",
        code="no_address",
        field=kind,
    )


def _postal(place: Address, current: Raw) -> Raw:
    """A region that Magento knows has a number of its own, which is kept where the region stays."""
    before = address(current)
    region = {name: value for name, value in (("region", place.region), ("region_code", place.region_code)) if value}
    kept = {place.region, place.region_code} & {before.region, before.region_code} - {""}
    named = {
        "firstname": place.first_name,
        "lastname": place.last_name,
        "company": place.company,
        "telephone": place.phone,
    }
    return {
        "street": [part for part in (place.street, place.street2) if part] or [""],
        "city": place.city,
        "postcode": place.postcode,
        "country_id": place.country,
        **({} if kept and current else {"region": region, "region_id": 0}),
        **{name: value for name, value in named.items() if value},
    }
