"""Clarity eCommerce: a site's orders, customers and products over its API, whatever that is like."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from connectors import oauth
from connectors.base import Connector, Notice, Resource, Webhook
from connectors.clarity import hooks, login, signatures, webhooks
from connectors.clarity.addressing import asked
from connectors.clarity.client import Client
from connectors.clarity.customers import Customers
from connectors.clarity.orders import Orders
from connectors.clarity.products import Products
from connectors.clarity.settings_form import ClaritySettings
from connectors.clarity.site import Site
from connectors.http import TIME_LIMIT, Http


class ClarityConnector(Connector):
    label = "Clarity eCommerce"
    role = "store"
    settings_form = ClaritySettings
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {
        "order": Orders,
        "customer": Customers,
        "product": Products,
    }

    @cached_property
    def site(self) -> Site:
        return Site(self.settings)

    @cached_property
    def client(self) -> Client:
        return Client(self, self.site)

    def http(self, base_url: str) -> Http:
        limit = min(float(self.settings.get("timeout_s") or TIME_LIMIT), TIME_LIMIT)
        return Http(base_url, budget=self.budget, time_limit=limit)

    def check(self) -> str:
        """Who we are, where the site tells; and one page of its orders, which is what the connection is for."""
        if self.site.offers("ping"):
            self.client.record("ping")
        endpoint = self.client.endpoint("orders.list")
        page = self.client.page(endpoint, asked(page=endpoint.start, size=1))
        held = "it lists no orders yet" if not page.items else "its orders can be read"
        return f"{urlsplit(self.client.http.base_url).netloc} answers and takes us in; {held}"

    def verify(self, webhook: Webhook) -> None:
        signatures.verify(webhook, self)

    def read_notices(self, webhook: Webhook) -> Iterable[Notice]:
        return webhooks.notices(webhook.body, self.site.terms, self.settings.get("events") or {})

    def subscriptions(self, wanted: Collection[str], url: str) -> None:
        hooks.keep(self, wanted, url)

    def logs_in_by_person(self) -> bool:
        return login.asks_a_person(self)

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        return login.consent_url(self, redirect_uri, state)

    def exchange(self, code: str, redirect_uri: str) -> None:
        login.exchange(self, code, redirect_uri)

    def token_expires_at(self) -> Any:
        return oauth.stored(self.vault).expires_at
