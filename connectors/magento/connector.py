"""Magento 2 and Adobe Commerce: a shop's orders, customers and products over its REST API."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms

from connectors.base import Connector, Notice, Resource, SecretField, Webhook
from connectors.documents import Raw
from connectors.errors import RetryLater
from connectors.magento import signatures, webhooks
from connectors.magento.client import Client, rest_address
from connectors.magento.customers import Customers
from connectors.magento.orders import Orders
from connectors.magento.products import Products
from connectors.magento.shops import store_views

KEY_PUBLISHER = "https://static.adobeioevents.com"


class MagentoSettings(forms.Form):
    base_url = forms.URLField(
        label="Shop address", assume_scheme="https", help_text="Such as https://shop.example.com; /rest is added by us"
    )
    access_token = SecretField(label="Access token", required=False)
    consumer_key = SecretField(
        label="Consumer key",
        required=False,
        help_text="With this and the two secrets every call is signed with OAuth 1.0a, which works in every shop. "
        "Without them the access token is sent as a Bearer token, which the shop must allow",
    )
    consumer_secret = SecretField(label="Consumer secret", required=False)
    access_token_secret = SecretField(label="Access token secret", required=False)
    webhook_secret = SecretField(
        label="Webhook secret", required=False, help_text="Sent by your webhook module in the header X-Webhook-Secret"
    )
    adobe_client_id = forms.CharField(
        label="Adobe I/O client id", required=False, help_text="Only if Adobe I/O Events sends the webhooks"
    )
    store_ids = forms.CharField(
        label="Only these stores", required=False, help_text="Store ids such as 1, 3; empty = every store of this shop"
    )
    timezone = forms.CharField(
        label="Time zone", required=False, help_text="Such as Europe/Paris; empty = each store's own, as Magento says"
    )

    def clean_store_ids(self) -> str:
        found = str(self.cleaned_data["store_ids"])
        if found and not all(part.strip().isdigit() for part in found.split(",")):
            raise forms.ValidationError("Write store ids as numbers with commas between them")
        return found

    def clean_timezone(self) -> str:
        found = str(self.cleaned_data["timezone"])
        if found and found not in zoneinfo.available_timezones():
            raise forms.ValidationError("There is no time zone of this name; use one such as Europe/Paris")
        return found


class MagentoConnector(Connector):
    label = "Magento"
    role = "store"
    settings_form = MagentoSettings
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {
        "order": Orders,
        "customer": Customers,
        "product": Products,
    }

    @cached_property
    def client(self) -> Client:
        return Client(self.http(rest_address(str(self.settings["base_url"]))), self.vault, self.now)

    @cached_property
    def stores(self) -> tuple[Raw, ...]:
        """Read once: store views change rarely, and a connector lives no longer than its work."""
        return store_views(self.client.get("/store/storeConfigs"))

    @property
    def timezone(self) -> str:
        return str(self.settings.get("timezone") or "")

    def check(self) -> str:
        """Reads one of everything that an order is made of, so that a missing permission is named at once."""
        self.client.get("/store/storeConfigs")
        self.client.count("/invoices")
        self.client.count("/creditmemos")
        self.client.count("/transactions", "transaction_id")
        count = self.client.count("/orders")
        return f"{urlsplit(self.client.http.base_url).netloc} answers; it holds {count} orders"

    def verify(self, webhook: Webhook) -> None:
        client_id = str(self.settings.get("adobe_client_id") or "")
        if client_id and "x-webhook-secret" not in webhook.headers:
            signatures.verify_adobe(webhook, client_id, self.vault)
        else:
            signatures.verify_secret(webhook, self.vault.get("webhook_secret"))

    def read_notices(self, webhook: Webhook) -> Iterable[Notice]:
        return webhooks.notices(webhook.body)

    def learn_keys(self) -> None:
        """Fetches the keys that Adobe's requests have named since the last poll."""
        if self.settings.get("adobe_client_id"):
            with suppress(RetryLater):  # Adobe being away is no fault of the shop's, which can still be read
                signatures.fetch_wanted_keys(self.vault, self.http(KEY_PUBLISHER))
