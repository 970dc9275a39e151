"""Customers with an account; guests exist only on their orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from connectors.base import Notice, Resource
from connectors.clarity import pasted
from connectors.clarity.cursor import Feed, changed
from connectors.clarity.listing import dated_between
from connectors.clarity.people import address
from connectors.clarity.record import Record, Terms
from connectors.documents import Customer, Raw

if TYPE_CHECKING:
    from connectors.clarity.connector import ClarityConnector

FEED = Feed("customers.list", "customer", names="id")


class Customers(Resource[Customer]):
    name = "customer"
    label = "Customer"
    document = Customer
    pieces: ClassVar[Mapping[str, str]] = {"customer": "The customer, as the site answers"}
    connector: ClarityConnector

    def fetch(self, id: str) -> Raw:
        return self.assemble({"customer": self.connector.client.record("customers.get", id)})

    def parse(self, raw: Raw) -> Customer:
        return customer_from(Record("customer", raw["customer"], Terms(raw["hub"])))

    def assemble(self, pieces: Mapping[str, Any]) -> Raw:
        site = self.connector.site
        return {"customer": pasted.record(pieces["customer"], site, "customers.get"), "hub": site.kept}

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.connector.site.terms, self.name, (FEED,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return dated_between(self.connector, "customers.list", "customer", ("createdAt",), start, end)


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
