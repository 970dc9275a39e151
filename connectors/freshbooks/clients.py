"""Clients: whom the books bill. The same e-mail may stand on several, so they are looked up before any is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Notice, Remote
from connectors.documents import Address, Client, Raw
from connectors.errors import NotSearchable
from connectors.freshbooks import links
from connectors.freshbooks.changes import changed, instant
from connectors.freshbooks.countries import country_code, country_name
from connectors.freshbooks.money import text
from connectors.freshbooks.records import Records, state_of, understood
from connectors.freshbooks.search import id_of
from connectors.freshbooks.texts import SHORT, sayable

NAMES = {
    "email": "email",
    "fname": "first_name",
    "lname": "last_name",
    "organization": "organization",
    "bus_phone": "phone",
    "language": "language",
    "currency_code": "currency",
    "vat_number": "vat_number",
    "note": "note",
}
"""Their field → ours."""
AS_IT_IS = ("email", "note")
"""The one finds a client again, and the other may be long."""
QUIET = {"allow_late_fees": False, "allow_late_notifications": False}
"""FreshBooks would otherwise charge and remind the shop's customers by itself."""


class Clients(Records[Client]):
    name = "client"
    label = "Client"
    document = Client
    path = "users/clients"
    plural = "clients"

    def body(self, document: Client) -> Raw:
        return {**self.changes(document), **QUIET}

    def changes(self, document: Client) -> Raw:
        """Only what is known: an empty field of ours never erases one of theirs."""
        fields = {theirs: getattr(document, ours) for theirs, ours in NAMES.items()}
        addresses = _address_body("p_", document.address) | _address_body("s_", document.shipping)
        known = {name: value for name, value in (fields | addresses).items() if value}
        return {name: _fitting(name, value) for name, value in known.items()}

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        body = _amended(fields)
        return self.whole(self._one("PUT", id, body=sayable(body))) if body else self.read(id)

    def as_kept(self, document: Client) -> Client:
        names = {ours: _fitting(theirs, getattr(document, ours) or "") for theirs, ours in NAMES.items()}
        places = {name: _sayable_place(getattr(document, name)) for name in ("address", "shipping")}
        return document.model_copy(
            update={**names, **places, "currency": document.currency, "note": sayable(document.note)}
        )

    def read(self, id: str) -> Remote:
        return self.whole(self._one("GET", id))

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self, cursor)

    def similar(self, document: Client) -> list[Remote]:
        """By company, last name and phone, the first page of each: a filter that is ignored only shows others, too."""
        asked = {
            "organization_like": document.organization,
            "lname_like": document.last_name,
            "phone_like": document.phone,
        }
        rows = [row for name, value in asked.items() if value for row in self.first_page({name: value})]
        alike = {id_of(row): row for row in rows if state_of(row) == "active"}
        return self.comparable(alike.values())

    def parse(self, raw: Raw) -> Client:
        places = {"address": _address(raw, "p_"), "shipping": _address(raw, "s_")}
        return understood(Client, {**_named(raw), **places, "active": state_of(raw) == "active"})

    def remote(self, raw: Raw) -> Remote:
        facts = _named(raw)
        return Remote(
            id=id_of(raw),
            state=state_of(raw),
            currency=facts["currency"] or "",
            url=links.client(id_of(raw)),
            facts=facts,
            raw=raw,
            changed_at=instant(raw),
        )

    def find(self, document: Client, *, deleted: bool = True) -> list[Remote]:
        """By e-mail; without one, by organization. `email_like`, because whether `email` minds upper and lower case
        is not known, and one too many costs nothing: we compare."""
        named = _short(document.organization)
        field, wanted = ("email", document.email) if document.email else ("organization", named)
        if not wanted:
            raise NotSearchable("A client without e-mail and organization cannot be looked up", code="no_key")
        return self.search({f"{field}_like": wanted}, lambda raw: _same(raw.get(field), wanted), deleted=deleted)


def _amended(fields: Mapping[str, Any]) -> Raw:
    """What is empty is erased, except the currency: a client always has one."""
    body: Raw = {theirs: _fitting(theirs, fields[ours] or "") for theirs, ours in NAMES.items() if ours in fields}
    for prefix, name in (("p_", "address"), ("s_", "shipping")):
        body |= _address_body(prefix, fields[name] or Address()) if name in fields else {}
    return {name: value for name, value in body.items() if value or name not in ("currency_code", "language")}


def _sayable_place(address: Address) -> Address:
    return address.model_copy(update=sayable(address.model_dump()))


def _fitting(name: str, value: str) -> str:
    return value if name in AS_IT_IS else _short(value)


def _short(name: str) -> str:
    """As it stands there, so that it is found again by it."""
    return str(sayable(name))[:SHORT]


def _same(theirs: Any, ours: str) -> bool:
    return text(theirs).casefold() == ours.strip().casefold()


def _address_body(prefix: str, address: Address) -> dict[str, str]:
    return {
        f"{prefix}street": address.street,
        f"{prefix}street2": address.street2,
        f"{prefix}city": address.city,
        f"{prefix}province": address.region or address.region_code,
        f"{prefix}code": address.postcode,
        f"{prefix}country": country_name(address.country),
    }


def _named(raw: Raw) -> dict[str, Any]:
    known = {ours: text(raw.get(theirs)) for theirs, ours in NAMES.items()}
    return {**known, "currency": known["currency"] or None}


def _address(raw: Mapping[str, Any], prefix: str) -> Address:
    return Address(
        street=text(raw.get(f"{prefix}street")),
        street2=text(raw.get(f"{prefix}street2")),
        city=text(raw.get(f"{prefix}city")),
        region=text(raw.get(f"{prefix}province")),
        postcode=text(raw.get(f"{prefix}code")),
        country=country_code(text(raw.get(f"{prefix}country"))),
    )
