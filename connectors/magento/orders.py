"""Orders, read together with their invoices and credit memos, and written back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from connectors.base import Notice, Remote, Resource
from connectors.documents import Order, OrderUpdate, Raw
from connectors.errors import Gone, Rejected
from connectors.magento import writeback
from connectors.magento.client import Client
from connectors.magento.cursor import Feed, changed
from connectors.magento.listing import created_between
from connectors.magento.reading import id_of, text
from connectors.magento.sale import order_from
from connectors.magento.shops import hub_settings, store_of

if TYPE_CHECKING:
    from connectors.magento.connector import MagentoConnector

FEEDS = (
    Feed("orders", "/orders", "order", record="entity_id"),
    Feed("invoices", "/invoices", "invoice", record="order_id"),
    Feed("creditmemos", "/creditmemos", "creditmemo", record="order_id"),
)
"""A refund need not touch its order's `updated_at`, so all three are followed."""
DOCUMENTS = {"creditmemo_id": "/creditmemo/", "invoice_id": "/invoices/"}


class Orders(Resource[Order]):
    name = "order"
    label = "Order"
    document = Order
    change = OrderUpdate
    number_lookup = "increment_id"
    connector: MagentoConnector

    @property
    def client(self) -> Client:
        return self.connector.client

    def fetch(self, id: str) -> Raw:
        order = self.client.record(f"/orders/{id}")
        invoices = self._of_order("/invoices", id)
        raw = {
            "order": order,
            "invoices": invoices,
            "creditmemos": self._of_order("/creditmemos", id),
            "store": {} if self.connector.timezone else dict(store_of(self.connector.stores, order.get("store_id"))),
            "hub": hub_settings(self.connector.settings),
        }
        if any(invoice.get("transaction_id") for invoice in invoices):
            raw["transactions"] = self._of_order("/transactions", id, key="transaction_id")
        return raw

    def parse(self, raw: Raw) -> Order:
        return order_from(raw)

    def resolve(self, lookup: str) -> str:
        """From "increment_id=…", "creditmemo_id=…" or "invoice_id=…"."""
        field, _, value = lookup.partition("=")
        if field in DOCUMENTS:
            return id_of(self.client.record(DOCUMENTS[field] + value)["order_id"])
        if field != "increment_id":
            raise Rejected(f"an order cannot be looked up by {field}", code="bad_lookup")
        return self._numbered(value)

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        self.connector.learn_keys()
        return changed(self.client, self.name, FEEDS, cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return created_between(self.client, "/orders", start, end)

    def read(self, id: str) -> Remote:
        return writeback.remote(self.client.record(f"/orders/{id}"))

    def update(self, id: str, document: OrderUpdate) -> Remote:
        return writeback.write(self.client, id, document)

    def _of_order(self, path: str, id: str, *, key: str = "entity_id") -> list[Raw]:
        """Compared by us too: a shop that ignored the filter must not lend us another order's money."""
        found = self.client.every(path, [("order_id", "eq", id)], key=key)
        return [row for row in found if id_of(row.get("order_id")) == id]

    def _numbered(self, number: str) -> str:
        """A number is unique only together with its store."""
        fields = "items[entity_id,increment_id,store_id],total_count"
        wanted = hub_settings(self.connector.settings)["store_ids"]
        found = [
            row
            for row in self.client.every("/orders", [("increment_id", "eq", number)], fields=fields)
            if text(row.get("increment_id")) == number and (not wanted or id_of(row.get("store_id")) in wanted)
        ]
        if not found:
            raise Gone(f"there is no order {number}", code="no_such_number")
        if len(found) > 1:
            raise Rejected(f"several stores have an order {number}; name its store in the connection", code="ambiguous")
        return id_of(found[0]["entity_id"])
