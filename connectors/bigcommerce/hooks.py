"""The webhooks that we keep at the store: one for each event that a flow needs, all to one address, all with our secret.

Only hooks of the same API account are listed, and only those that go to our own address are touched."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from connectors.base import Vault
from connectors.bigcommerce.client import Client
from connectors.bigcommerce.reading import id_of, record, text
from connectors.documents import Raw

PATH = "/v3/hooks"
SCOPES: Mapping[str, tuple[str, ...]] = {
    "order": (
        "store/order/created",
        "store/order/updated",
        "store/order/archived",
        "store/order/refund/created",
        "store/order/transaction/created",
        "store/order/transaction/updated",
    ),
    "customer": (
        "store/customer/created",
        "store/customer/updated",
        "store/customer/address/created",
        "store/customer/address/updated",
        "store/customer/address/deleted",
    ),
    "product": ("store/product/created", "store/product/updated", "store/sku/updated"),
}
"""Nested events are asked for by name: what a wildcard brings of them is documented nowhere. Every change of an order's
status comes as `updated` too."""
HEADER = "X-Webhook-Secret"


def keep(client: Client, vault: Vault, resources: Collection[str], url: str) -> None:
    wanted = {scope for resource in resources for scope in SCOPES.get(resource, ())}
    ours = [hook for hook in client.every(PATH) if text(hook.get("destination")) == url]
    headers = {HEADER: _secret(vault)} if wanted else {}
    for hook in ours:
        _mend(client, hook, headers, wanted=text(hook.get("scope")) in wanted)
    for scope in sorted(wanted - {text(hook.get("scope")) for hook in ours}):
        body = {"scope": scope, "destination": url, "is_active": True, "headers": headers}
        client.send("POST", PATH, body=body)


def _mend(client: Client, hook: Raw, headers: Mapping[str, str], *, wanted: bool) -> None:
    """BigCommerce switches off what failed for two days or was silent for ninety."""
    path = f"{PATH}/{id_of(hook.get('id'))}"
    if not wanted:
        client.send("DELETE", path)
        return
    amiss: dict[str, Any] = {}
    if not hook.get("is_active"):
        amiss["is_active"] = True
    if record(hook.get("headers")) != headers:
        amiss["headers"] = dict(headers)
    if amiss:
        client.send("PUT", path, body=amiss)


def _secret(vault: Vault) -> str:
    """Saved before a hook bears it."""
    known = vault.get("webhook_secret")
    if not known:
        known = secrets.token_urlsafe(32)
        vault.put(webhook_secret=known)
    return known
