"""Customers with an account; guests exist only on their orders. There is no call for one: a list is asked for its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from connectors.base import Notice, Resource
from connectors.bigcommerce.cursor import CUSTOMERS, changed
from connectors.bigcommerce.listing import customers_created_between
from connectors.bigcommerce.people import VAT, customer_address, named_field
from connectors.bigcommerce.reading import id_of, instant, rows, text
from connectors.documents import Customer, Raw
from connectors.errors import Gone, Rejected

if TYPE_CHECKING:
    from connectors.bigcommerce.connector import BigCommerce

PATH = "/v3/customers"


class Customers(Resource[Customer]):
    name = "customer"
    label = "Customer"
    document = Customer
    connector: BigCommerce

    def fetch(self, id: str) -> Raw:
        client = self.connector.client
        found = client.page(PATH, {"id:in": id, "include": "formfields"}).items
        customer = next((row for row in found if id_of(row.get("id")) == id), None)
        if customer is None:
            raise Gone(f"there is no customer {id}", code="no_such_customer")
        known = client.every(f"{PATH}/addresses", {"customer_id:in": id})
        return {"customer": customer, "addresses": [row for row in known if id_of(row.get("customer_id")) == id]}

    def parse(self, raw: Raw) -> Customer:
        return customer_from(raw)

    def resolve(self, lookup: str) -> str:
        """From "email=…"."""
        field, _, value = lookup.partition("=")
        if field != "email":
            raise Rejected(f"a customer cannot be looked up by {field}", code="bad_lookup")
        found = self.connector.client.page(PATH, {"email:in": value}).items
        ids = [id_of(row.get("id")) for row in found if text(row.get("email")).lower() == value.lower()]
        if not ids:
            raise Gone(f"there is no customer {value}", code="no_such_customer")
        return ids[0]

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.name, (CUSTOMERS,), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return customers_created_between(self.connector.client, start, end)


def customer_from(raw: Raw) -> Customer:
    """No address is marked as the one for bills: the first is taken for both."""
    customer = raw["customer"]
    known = rows(raw.get("addresses")) or rows(customer.get("addresses"))
    address = customer_address(known[0] if known else {})
    return Customer(
        id=id_of(customer.get("id")),
        email=text(customer.get("email")),
        first_name=text(customer.get("first_name")),
        last_name=text(customer.get("last_name")),
        company=text(customer.get("company")) or address.company,
        phone=text(customer.get("phone")) or address.phone,
        vat_number=named_field(customer, VAT),
        billing=address,
        shipping=address,
        updated_at=instant(customer["date_modified"]) if customer.get("date_modified") else None,
    )
