"""Customers with an account; guests exist only on their orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from connectors.base import Notice, Remote, Resource
from connectors.documents import Customer, CustomerUpdate, Raw
from connectors.errors import Gone, NotSearchable, Rejected
from connectors.magento.amending import NAMES, amend, default
from connectors.magento.cursor import Feed, changed
from connectors.magento.listing import created_between
from connectors.magento.people import address
from connectors.magento.reading import id_of, instant, rows, text

if TYPE_CHECKING:
    from connectors.magento.connector import MagentoConnector

SEARCH = "/customers/search"
FEED = Feed("customers", SEARCH, "customer", record="id", shown="id")


class Customers(Resource[Customer]):
    name = "customer"
    label = "Customer"
    document = Customer
    change = CustomerUpdate
    connector: MagentoConnector

    def fetch(self, id: str) -> Raw:
        return {"customer": self.connector.client.record(f"/customers/{id}")}

    def parse(self, raw: Raw) -> Customer:
        return customer_from(raw)

    def resolve(self, lookup: str) -> str:
        """From "email=…": the same address may have one account on each website."""
        field, _, value = lookup.partition("=")
        if field != "email":
            raise Rejected(f"a customer cannot be looked up by {field}", code="bad_lookup")
        found = self.connector.client.every(
            SEARCH, [("email", "eq", value)], shown="id", fields="items[id,email],total_count"
        )
        ids = [id_of(row["id"]) for row in found if text(row.get("email")).lower() == value.lower()]
        if not ids:
            raise Gone(f"there is no customer {value}", code="no_such_customer")
        return ids[0]

    def read(self, id: str) -> Remote:
        return remote(self.connector.client.record(f"/customers/{id}"))

    def find(self, document: Customer | CustomerUpdate, *, deleted: bool = True) -> list[Remote]:
        """By e-mail. Magento keeps nothing of a customer who was deleted."""
        wanted = document.email.strip().lower()
        if not wanted:
            raise NotSearchable("a customer without an e-mail address cannot be looked up", code="no_key")
        found = self.connector.client.every(SEARCH, [("email", "eq", wanted)], shown="id")
        return [remote(row) for row in found if text(row.get("email")).lower() == wanted]

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        return remote(amend(self.connector.client, id, fields))

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.name, (FEED,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return created_between(self.connector.client, SEARCH, start, end, shown="id")


def remote(customer: Raw) -> Remote:
    document = customer_from({"customer": customer})
    facts = {ours: text(customer.get(theirs)) for theirs, ours in NAMES.items()}
    return Remote(document.id, facts=facts, raw=customer, changed_at=document.updated_at, document=document)


def customer_from(raw: Raw) -> Customer:
    customer = raw["customer"]
    addresses = rows(customer.get("addresses"))
    billing = address(default(addresses, "default_billing", customer))
    return Customer(
        id=id_of(customer.get("id")),
        email=text(customer.get("email")),
        first_name=text(customer.get("firstname")),
        last_name=text(customer.get("lastname")),
        company=billing.company,
        phone=billing.phone,
        vat_number=text(customer.get("taxvat")),
        billing=billing,
        shipping=address(default(addresses, "default_shipping", customer)),
        updated_at=instant(customer["updated_at"]) if customer.get("updated_at") else None,
    )
