"""Orders, read together with their lines, taxes, transactions and refunds, and written back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from connectors.base import Notice, Remote, Resource
from connectors.bigcommerce import writeback
from connectors.bigcommerce.client import Client
from connectors.bigcommerce.cursor import ORDERS, REFUNDS, changed
from connectors.bigcommerce.listing import orders_created_between
from connectors.bigcommerce.reading import amount, id_of, rows
from connectors.bigcommerce.sale import order_from
from connectors.bigcommerce.statuses import INCOMPLETE, status_of
from connectors.documents import Order, OrderUpdate, Raw
from connectors.errors import Rejected

if TYPE_CHECKING:
    from connectors.bigcommerce.connector import BigCommerce


class Orders(Resource[Order]):
    name = "order"
    label = "Order"
    document = Order
    change = OrderUpdate
    number_lookup = "id"
    connector: BigCommerce

    @property
    def client(self) -> Client:
        return self.connector.client

    def fetch(self, id: str) -> Raw:
        """Some lists are only asked for where the order says that they hold something: a store allows 150 calls in half
        a minute, to all its apps together."""
        order = self.client.record(f"/v2/orders/{id}", {"include": "fees"})
        path = f"/v2/orders/{id}"
        products = self.client.every(f"{path}/products")
        raw = {"order": order, "products": products, "hub": self.connector.hub_settings}
        if not self.connector.timezone:
            raw["store"] = self.connector.store
        raw["shipping_addresses"] = self.client.every(f"{path}/shipping_addresses") if _ships(order) else []
        raw["fees"] = self._fees(order, path)
        if amount(order, "total_tax"):
            raw["taxes"] = self.client.every(f"{path}/taxes", {"details": "true"})
        if amount(order, "coupon_discount"):
            raw["coupons"] = self.client.every(f"{path}/coupons")
        return raw if status_of(order) == INCOMPLETE else {**raw, **self._money(id, products)}

    def parse(self, raw: Raw) -> Order:
        return order_from(raw)

    def resolve(self, lookup: str) -> str:
        """From "id=…": an order's number is its id."""
        field, _, value = lookup.partition("=")
        if field != self.number_lookup or not value.isdecimal():
            raise Rejected(f"an order cannot be looked up by {lookup}", code="bad_lookup")
        return id_of(self.client.record(f"/v2/orders/{value}")["id"])

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.client, self.name, (ORDERS, REFUNDS), cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return orders_created_between(self.client, start, end)

    def read(self, id: str) -> Remote:
        return writeback.remote(self.client.record(f"/v2/orders/{id}"))

    def update(self, id: str, document: OrderUpdate) -> Remote:
        return writeback.write(self.client, id, document)

    def _fees(self, order: Raw, path: str) -> list[Raw]:
        """Asked for together with the order. A store that does not know that answers with a link, which is never
        followed, and one from before there were fees with nothing."""
        held = order.get("fees")
        return self.client.every(f"{path}/fees") if isinstance(held, dict) else rows(held)

    def _money(self, id: str, products: list[Raw]) -> dict[str, list[Raw]]:
        """Refunds are always asked for: neither status nor payment status tells of one at once. What marks an order of
        B2B Edition as the payment of an invoice, only one with a digital line can have."""
        path = f"/v3/orders/{id}"
        money = {
            "transactions": self.client.unpaged(f"{path}/transactions"),
            "refunds": self.client.unpaged(f"{path}/payment_actions/refunds"),
        }
        if any(row.get("type") == "digital" for row in products):
            money["metafields"] = self.client.every(f"{path}/metafields", {"key": "orderType"})
        return money


def _ships(order: Raw) -> bool:
    """Digital orders have no address; older captures do not count them."""
    return order.get("shipping_address_count") != 0
