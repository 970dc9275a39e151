"""Customers with an account; guests exist only on their orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from connectors.base import Notice, Resource
from connectors.documents import Customer, Raw
from connectors.errors import Gone, Rejected
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

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.name, (FEED,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return created_between(self.connector.client, SEARCH, start, end, shown="id")


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


def default(addresses: Sequence[Raw], kind: str, customer: Raw) -> Raw:
    """Marked on the address itself, or named by id on the customer; "0" names none."""
    wanted = id_of(customer.get(kind))
    chosen = [row for row in addresses if row.get(kind) is True or (wanted and id_of(row.get("id")) == wanted)]
    return chosen[0] if chosen else {}
