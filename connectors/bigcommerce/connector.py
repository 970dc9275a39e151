"""The BigCommerce connector: one store's orders, customers and products, and the webhooks it sends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from connectors.base import Connector, Notice, Resource, Visited, Webhook
from connectors.bigcommerce import hooks, login, signatures, webhooks
from connectors.bigcommerce.client import Client, wait_of
from connectors.bigcommerce.customers import Customers
from connectors.bigcommerce.orders import Orders
from connectors.bigcommerce.products import Products
from connectors.bigcommerce.reading import text
from connectors.bigcommerce.settings_form import SettingsForm, store_url
from connectors.documents import Raw
from connectors.http import Http

KEPT = ("name", "domain", "timezone", "currency", "is_price_entered_with_tax")


class BigCommerce(Connector):
    label = "BigCommerce"
    role = "store"
    settings_form = SettingsForm
    webhooks_need_https = True
    visits = ("auth", "load", "uninstall", "remove_user")
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {
        "order": Orders,
        "customer": Customers,
        "product": Products,
    }

    @cached_property
    def client(self) -> Client:
        return Client(Http(store_url(self.settings), budget=self.budget, wait=wait_of), self.vault, self.now)

    @cached_property
    def store(self) -> Raw:
        """Read once: it changes rarely, and a connector lives no longer than its work."""
        found = self.client.record("/v2/store")
        return {name: found.get(name) for name in KEPT}

    @property
    def timezone(self) -> str:
        return str(self.settings.get("timezone") or "")

    @property
    def hub_settings(self) -> Raw:
        """What `parse` must know of the connection, kept in the raw answer so that parsing stays pure."""
        return {name: str(self.settings.get(name) or "") for name in ("timezone", "accepted_statuses")}

    def check(self) -> str:
        """Reads one of everything that an order is made of, so that a missing scope is named at once."""
        name = text(self.store.get("name")) or text(self.store.get("domain")) or self.settings["store_hash"]
        count = self.client.record("/v2/orders/count").get("count", 0)
        for id in self.client.newest_order():
            self.client.unpaged(f"/v3/orders/{id}/transactions")
            self.client.unpaged(f"/v3/orders/{id}/payment_actions/refunds")
        return f"Connected to the store {name}; it holds {count} orders."

    def verify(self, webhook: Webhook) -> None:
        signatures.verify(webhook, self.vault, store_hash=str(self.settings["store_hash"]), now=self.now())

    def read_notices(self, webhook: Webhook) -> Iterable[Notice]:
        return webhooks.notices(webhook)

    def subscriptions(self, wanted: Collection[str], url: str) -> None:
        hooks.keep(self.client, self.vault, wanted, url)

    def visited(self, visit: str, query: Mapping[str, str], uri: str) -> Visited:
        return login.visited(self, visit, query, uri)
