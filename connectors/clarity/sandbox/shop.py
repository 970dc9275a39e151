"""Everything the site knows, and the two ways in which anything changes: a row is saved, a change is announced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from connectors.clarity.sandbox.baskets import Basket
from connectors.clarity.sandbox.catalogue import CUSTOMERS, PRODUCTS, Buyer, Product
from connectors.clarity.sandbox.clock import Clock
from connectors.clarity.sandbox.tables import Row, Table

Announce = Callable[[str, Row], None]
"""Event and the record that it is about."""
FIRST_ORDER = 1001


class Shop:
    def __init__(self, clock: Clock, switch: Mapping[str, Any], announce: Announce) -> None:
        self.clock = clock
        self.switch = switch
        self.announce = announce
        self.orders, self.payments, self.refunds = Table(), Table(), Table()
        self.customers, self.products = Table(), Table()
        self.webhooks = Table()
        self.changed: dict[str, str] = {}
        """When a row that shows no `updatedAt` was changed, by its id: lists are filtered by that all the same."""
        self.secrets: dict[str, str] = {}
        """Of the webhooks that were registered, by their ids."""
        self.baskets: dict[str, Basket] = {}
        """What the orders made here were made of: an edit starts from it."""
        self.before_cancel: dict[str, str] = {}
        """The statuses of canceled orders, should they come back to life."""
        self._counters: Counter[str] = Counter()
        for product in PRODUCTS:
            self.products.put(_product_row(product, clock.stamp()))
        for buyer in CUSTOMERS:
            self.know(buyer)

    def know(self, buyer: Buyer) -> None:
        """Whoever buys with an account has one from then on."""
        if buyer.id and self.customers.get(buyer.id) is None:
            self.customers.put(_customer_row(buyer, self.clock.stamp()))

    def next(self, name: str) -> int:
        self._counters[name] += 1
        return self._counters[name]

    def counted(self, name: str) -> int:
        return self._counters[name]

    def order(self, id: str) -> Row:
        """A copy to be changed and saved. Raises KeyError."""
        return self.orders.edit(id)

    def numbered(self, number: str) -> Row:
        """Raises LookupError."""
        found = self.orders.having("orderNumber", number)
        if not found:
            raise LookupError(f"there is no order {number}")
        return self.order(found[0]["id"])

    def save(self, table: Table, row: Row) -> Row:
        self.changed[row["id"]] = self.clock.stamp()
        if "updatedAt" in row:
            row["updatedAt"] = self.clock.stamp()
        return table.put(row)

    def payments_of(self, order: Row) -> list[Row]:
        return self.payments.having("orderId", order["id"])

    def refunds_of(self, order: Row) -> list[Row]:
        """Those that stand, the oldest first."""
        return [one for one in self.refunds.having("orderId", order["id"]) if one["status"] != "cancelled"]


def address(buyer: Buyer) -> Row:
    return {
        "firstName": buyer.first,
        "lastName": buyer.last,
        "company": buyer.company or None,
        "street1": buyer.street,
        "street2": None,
        "city": buyer.city,
        "region": buyer.region or None,
        "postalCode": buyer.postcode,
        "country": buyer.country,
        "phone": buyer.phone,
    }


def _customer_row(buyer: Buyer, now: str) -> Row:
    return {
        "id": buyer.id,
        "firstName": buyer.first,
        "lastName": buyer.last,
        "email": buyer.email,
        "phone": buyer.phone,
        "company": buyer.company or None,
        "taxId": buyer.tax_id or None,
        "currency": "USD",
        "isActive": True,
        "billingAddress": address(buyer),
        "shippingAddress": {},
        "createdAt": now,
        "updatedAt": now,
        "externalIds": {},
    }


def _product_row(product: Product, now: str) -> Row:
    return {
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "description": None,
        "price": product.price,
        "currency": "USD",
        "isActive": True,
        "createdAt": now,
        "updatedAt": now,
    }
