"""Customers with an account; guests exist only on their orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from connectors.base import Notice, Remote, Resource
from connectors.clarity import pasted
from connectors.clarity.amending import amended
from connectors.clarity.cursor import Feed, changed
from connectors.clarity.listing import dated_between
from connectors.clarity.paging import every
from connectors.clarity.people import address
from connectors.clarity.record import Record, Terms
from connectors.documents import Customer, CustomerUpdate, Raw
from connectors.errors import NotSearchable

if TYPE_CHECKING:
    from connectors.clarity.connector import ClarityConnector

FEED = Feed("customers.list", "customer", names="id")
KNOWN_BY = ("email", "first_name", "last_name", "company")
"""By which a person tells one from another."""


class Customers(Resource[Customer]):
    name = "customer"
    label = "Customer"
    document = Customer
    change = CustomerUpdate
    pieces: ClassVar[Mapping[str, str]] = {"customer": "The customer, as the site answers"}
    connector: ClarityConnector

    def fetch(self, id: str) -> Raw:
        return self.assemble({"customer": self.connector.client.record("customers.get", id)})

    def parse(self, raw: Raw) -> Customer:
        return customer_from(Record("customer", raw["customer"], Terms(raw["hub"])))

    def assemble(self, pieces: Mapping[str, Any]) -> Raw:
        site = self.connector.site
        return {"customer": pasted.record(pieces["customer"], site, "customers.get"), "hub": site.kept}

    def read(self, id: str) -> Remote:
        return remote(Record("customer", self.connector.client.record("customers.get", id), self.connector.site.terms))

    def find(self, document: Customer | CustomerUpdate, *, deleted: bool = True) -> list[Remote]:
        """By e-mail. A site keeps nothing of a customer who was deleted."""
        wanted = document.email.strip().lower()
        if not wanted:
            raise NotSearchable("a customer without an e-mail address cannot be looked up", code="no_key")
        if self.connector.site.offers("customers.list") is None:
            raise NotSearchable("customers.list is switched off in the connection's addresses", code="no_such_call")
        rows = every(self.connector.client, "customers.list", only={"email": wanted})
        found = (Record("customer", row, self.connector.site.terms) for row in rows)
        alike = {one.id(): remote(one) for one in found if one.text("email").lower() == wanted}
        return list(alike.values())

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        client, terms = self.connector.client, self.connector.site.terms
        body = amended(Record("customer", client.record("customers.get", id), terms), fields)
        if body:
            client.change("customers.patch", id, body)
        return self.read(id)

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.connector.site.terms, self.name, (FEED,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return dated_between(self.connector, "customers.list", "customer", ("createdAt",), start, end)


def remote(record: Record) -> Remote:
    document = customer_from(record)
    return Remote(
        id=document.id,
        state="active" if document.active else "archived",
        facts={name: getattr(document, name) for name in KNOWN_BY},
        raw=record.raw,
        changed_at=document.updated_at,
        document=document,
    )


def customer_from(record: Record) -> Customer:
    billing = address(record.child("billingAddress", "address"))
    return Customer(
        id=record.required("id"),
        email=record.text("email"),
        first_name=record.text("firstName") or billing.first_name,
        last_name=record.text("lastName") or billing.last_name,
        company=record.text("company") or billing.company,
        phone=record.text("phone") or billing.phone,
        vat_number=record.text("taxId"),
        currency=record.text("currency").upper() or None,
        active=record.flag("isActive", default=True),
        billing=billing,
        shipping=address(record.child("shippingAddress", "address")),
        updated_at=record.instant("updatedAt"),
    )
