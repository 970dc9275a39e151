"""Customers with an account; guests exist only on their orders. There is no call for one: a list is asked for its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from connectors.base import Notice, Remote, Resource
from connectors.bigcommerce.amending import ADDRESSES, CUSTOMERS, NAMES, amend
from connectors.bigcommerce.client import Client
from connectors.bigcommerce.cursor import CUSTOMERS as FEED
from connectors.bigcommerce.cursor import changed
from connectors.bigcommerce.listing import customers_created_between
from connectors.bigcommerce.people import PLACES, VAT, customer_address, named_field
from connectors.bigcommerce.reading import id_of, instant, rows, text
from connectors.documents import Address, Customer, CustomerUpdate, Raw
from connectors.errors import Gone, NotSearchable, Rejected

if TYPE_CHECKING:
    from connectors.bigcommerce.connector import BigCommerce

WHOLE = {"include": "addresses,formfields"}


class Customers(Resource[Customer]):
    name = "customer"
    label = "Customer"
    document = Customer
    change = CustomerUpdate
    connector: BigCommerce

    @property
    def client(self) -> Client:
        return self.connector.client

    def fetch(self, id: str) -> Raw:
        found = self.client.page(CUSTOMERS, {"id:in": id, **WHOLE}).items
        customer = next((row for row in found if id_of(row.get("id")) == id), None)
        if customer is None:
            raise Gone(f"there is no customer {id}", code="no_such_customer")
        return self._whole(customer)

    def parse(self, raw: Raw) -> Customer:
        return customer_from(raw)

    def resolve(self, lookup: str) -> str:
        """From "email=…"."""
        field, _, value = lookup.partition("=")
        if field != "email":
            raise Rejected(f"a customer cannot be looked up by {field}", code="bad_lookup")
        found = self._with_email(value)
        if not found:
            raise Gone(f"there is no customer {value}", code="no_such_customer")
        return id_of(found[0].get("id"))

    def read(self, id: str) -> Remote:
        return remote(self.fetch(id))

    def find(self, document: Customer | CustomerUpdate, *, deleted: bool = True) -> list[Remote]:
        """By e-mail; channels of one store may each have a customer of it. Nothing is kept of who was deleted."""
        wanted = document.email.strip()
        if not wanted:
            raise NotSearchable("a customer without an e-mail address cannot be looked up", code="no_key")
        return [remote(self._whole(row)) for row in self._with_email(wanted)]

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        raw = self.fetch(id)
        amend(self.client, raw["customer"], in_order(raw), fields)
        return self.read(id)

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.client, self.name, (FEED,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return customers_created_between(self.client, start, end)

    def _with_email(self, email: str) -> list[Raw]:
        found = self.client.page(CUSTOMERS, {"email:in": email, **WHOLE}).items
        return [row for row in found if text(row.get("email")).lower() == email.lower()]

    def _whole(self, customer: Raw) -> Raw:
        """Up to ten addresses come with the customer; a store that sends none of them is asked for them."""
        id, known = id_of(customer.get("id")), rows(customer.get("addresses"))
        if "addresses" not in customer or len(known) < int(customer.get("address_count") or 0):
            known = self.client.every(ADDRESSES, {"customer_id:in": id})
        return {"customer": customer, "addresses": [row for row in known if id_of(row.get("customer_id")) in ("", id)]}


def remote(raw: Raw) -> Remote:
    document = customer_from(raw)
    facts = {name: getattr(document, name) for name in (*NAMES, "vat_number")}
    return Remote(document.id, facts=facts, raw=raw, changed_at=document.updated_at, document=document)


def customer_from(raw: Raw) -> Customer:
    customer = raw["customer"]
    known = [customer_address(row) for row in in_order(raw)]
    places = dict(zip(PLACES, known, strict=False))
    billing = places.get("billing", Address())
    return Customer(
        id=id_of(customer.get("id")),
        email=text(customer.get("email")),
        first_name=text(customer.get("first_name")),
        last_name=text(customer.get("last_name")),
        company=text(customer.get("company")) or billing.company,
        phone=text(customer.get("phone")) or billing.phone,
        vat_number=named_field(customer, VAT),
        updated_at=instant(customer["date_modified"]) if customer.get("date_modified") else None,
        **places,
    )


def in_order(raw: Raw) -> list[Raw]:
    """The customer's addresses, the eldest first."""
    known = rows(raw.get("addresses")) or rows(raw["customer"].get("addresses"))
    return sorted(known, key=lambda one: int(id_of(one.get("id")) or 0))
