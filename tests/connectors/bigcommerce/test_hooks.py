"""The store's webhooks, looked after by us: made, healed, deleted; and nobody else's are touched."""

from __future__ import annotations

import pytest

from connectors.bigcommerce.hooks import SCOPES
from connectors.bigcommerce.sandbox import sandbox
from connectors.errors import Rejected
from tests.connectors.bigcommerce.store import connected, store

__all__ = ["store"]
URL = "https://hub.example.com/webhooks/north/"


def scopes(store: sandbox) -> set[str]:
    return {hook["scope"] for hook in store.shop.hooks.values() if hook["destination"] == URL}


def test_what_a_flow_needs_is_registered_with_our_secret(store: sandbox) -> None:
    connected(store).subscriptions({"order", "customer"}, URL)
    assert scopes(store) == {*SCOPES["order"], *SCOPES["customer"]}
    assert {str(hook["headers"]) for hook in store.shop.hooks.values()} == {
        str({"X-Webhook-Secret": store.connection_settings()["webhook_secret"]})
    }


def test_where_nothing_is_amiss_it_costs_one_call(store: sandbox) -> None:
    connector = connected(store)
    connector.subscriptions({"order"}, URL)
    store.log.clear()
    connector.subscriptions({"order"}, URL)
    assert [(method, path) for method, path, _ in store.log] == [("GET", "/stores/abc123/v3/hooks")]


def test_a_secret_is_invented_and_kept_before_a_hook_bears_it(store: sandbox) -> None:
    connector = connected(store, webhook_secret="")
    connector.subscriptions({"product"}, URL)
    invented = connector.vault.get("webhook_secret")
    assert len(invented) > 30
    assert all(hook["headers"] == {"X-Webhook-Secret": invented} for hook in store.shop.hooks.values())


def test_what_was_switched_off_deleted_or_given_another_secret_is_healed(store: sandbox) -> None:
    connector = connected(store)
    connector.subscriptions({"order"}, URL)
    first, second, third, *_ = store.shop.hooks.values()
    first["is_active"] = False
    second["headers"] = None
    del store.shop.hooks[third["id"]]
    connector.subscriptions({"order"}, URL)
    assert scopes(store) == set(SCOPES["order"])
    assert all(hook["is_active"] and hook["headers"] for hook in store.shop.hooks.values())


def test_what_is_not_wanted_any_more_is_deleted_and_strangers_stay(store: sandbox) -> None:
    connector = connected(store)
    connector.subscriptions({"order", "product"}, URL)
    connector.subscriptions({"order"}, "https://other.example.com/webhooks/north/")
    connector.subscriptions({"order"}, URL)
    assert scopes(store) == set(SCOPES["order"])
    connector.subscriptions((), URL)
    assert scopes(store) == set() and len(store.shop.hooks) == len(SCOPES["order"])


def test_an_address_that_the_store_does_not_send_to_is_said(store: sandbox) -> None:
    with pytest.raises(Rejected, match="destination: must be https"):
        connected(store).subscriptions({"order"}, "http://hub.example.com/webhooks/north/")
