"""Webhooks at a site that lets them be registered: made, healed, deleted; where it does not, nothing else suffers."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import Webhook
from connectors.clarity.hooks import ANNOUNCED
from connectors.errors import NeedsLogin, Rejected
from connectors.sandbox import Sandbox
from tests.connectors.clarity.sites import connected

URL = "https://hub.example.com/webhooks/north/"


def registered(site: Sandbox) -> list[tuple[str, list[str]]]:
    return [(hook["url"], hook["events"]) for hook in site.shop.webhooks]  # type: ignore[attr-defined]


def test_what_a_flow_needs_is_registered_with_our_secret(site: Sandbox) -> None:
    connected(site).subscriptions({"order", "customer"}, URL)
    assert registered(site) == [(URL, sorted([*ANNOUNCED["order"], *ANNOUNCED["customer"]]))]
    assert [*site.shop.secrets.values()] == [site.connection_settings()["webhook_secret"]]  # type: ignore[attr-defined]


def test_where_nothing_is_amiss_it_costs_one_call(site: Sandbox) -> None:
    connector = connected(site)
    connector.subscriptions({"order"}, URL)
    site.log.clear()
    connector.subscriptions({"order"}, URL)
    assert [(method, path) for method, path, _ in site.log] == [("GET", "/api/v1/webhooks")]


@pytest.mark.parametrize("style", ["standard_webhooks", "hmac_hex", "none"])
def test_a_secret_is_invented_and_its_webhooks_are_genuine(site: Sandbox, style: str) -> None:
    site.switch |= {"signature": style}
    site.hook = {"hold": True}
    connector = connected(site, webhook_secret="", allowed_ips="", signature="hmac_hex")
    connector.settings = {**connector.settings, "signature": style, "allowed_ips": "203.0.113.7"}
    connector.subscriptions({"order"}, URL)
    assert len(connector.vault.get("webhook_secret")) > 30
    site.place({"kind": "simple"})
    assert site.outbox
    for url, body, headers in site.outbox:
        query = dict([url.partition("?")[2].split("=", 1)]) if "?" in url else {}
        sent = {name.lower(): value for name, value in headers.items()} | {"remote-addr": "203.0.113.7"}
        connector.verify(Webhook(body, sent, query))
        assert [notice.resource for notice in connector.read_notices(Webhook(body, sent, query))] == ["order"]


def test_a_secret_that_the_site_chooses_is_kept(site: Sandbox) -> None:
    site.switch["chooses_secrets"] = True
    site.hook = {"hold": True}
    connector = connected(site)
    connector.subscriptions({"order"}, URL)
    assert connector.vault.get("webhook_secret").startswith("chosen-by-the-site")
    site.place({"kind": "simple"})
    _, body, headers = site.outbox[0]
    connector.verify(Webhook(body, {name.lower(): value for name, value in headers.items()}))


def test_what_was_deleted_switched_off_or_lacks_an_event_is_healed(site: Sandbox) -> None:
    connector = connected(site)
    hooks: Any = site.shop.webhooks  # type: ignore[attr-defined]
    for amiss in ("gone", "off", "fewer", "twice"):
        connector.subscriptions({"order"}, URL)
        [hook] = hooks
        match amiss:
            case "gone":
                hooks.remove(hook["id"])
            case "off":
                hooks.put({**hook, "isActive": False})
            case "fewer":
                hooks.put({**hook, "events": ["order.created"]})
            case "twice":
                hooks.put({**hook, "id": "whk_9"})
        connector.subscriptions({"order"}, URL)
        told = [event for url, events in registered(site) for event in events]
        assert sorted(told) == sorted(ANNOUNCED["order"]), amiss
        connector.subscriptions((), URL)


def test_what_is_not_wanted_any_more_is_deleted_and_strangers_stay(site: Sandbox) -> None:
    connector = connected(site)
    connector.subscriptions({"order"}, "https://other.example.com/webhooks/north/")
    connector.subscriptions({"order", "customer"}, URL)
    connector.subscriptions({"customer"}, URL)
    assert (URL, sorted(ANNOUNCED["customer"])) in registered(site) and len(registered(site)) == 2
    connector.subscriptions((), URL)
    assert [url for url, _ in registered(site)] == ["https://other.example.com/webhooks/north/"]


def test_a_site_that_spells_them_otherwise_or_not_at_all_is_not_told_twice(site: Sandbox) -> None:
    connector = connected(site)
    connector.subscriptions({"order"}, URL)
    hooks: Any = site.shop.webhooks  # type: ignore[attr-defined]
    [hook] = hooks
    for shown in ({"url": URL.rstrip("/")}, {"events": [one.upper() for one in hook["events"]]}, {"events": None}):
        hooks.put({**hook, **shown})
        connector.subscriptions({"order"}, URL)
        assert len(hooks) == 1


def test_webhooks_whose_address_stands_elsewhere_are_not_made_again_and_again(site: Sandbox) -> None:
    connected(site).subscriptions({"order"}, URL)
    site.switch["names"] = {"url": "callback"}
    for _ in range(2):
        with pytest.raises(Rejected, match=r"has no url.*registration\.url"):
            connected(site).subscriptions({"order"}, URL)
    connected(site, fields={"registration.url": "callback"}).subscriptions({"order"}, URL)
    assert len(registered(site)) == 1


def test_events_are_asked_for_in_the_sites_own_words(site: Sandbox) -> None:
    site.switch["event_names"] = {"order.created": "SalesOrderPlaced"}
    connected(site, events={"SalesOrderPlaced": "order.created"}).subscriptions({"order"}, URL)
    [(_, events)] = registered(site)
    assert "SalesOrderPlaced" in events and "order.created" not in events


def test_an_address_that_anybody_could_overhear_is_not_told(site: Sandbox) -> None:
    with pytest.raises(Rejected, match="https addresses only"):
        connected(site).subscriptions({"order"}, "http://hub.example.com/webhooks/north/")
    assert not site.log


@pytest.mark.parametrize(("lacking", "denied"), [(["webhooks"], []), ([], ["webhooks"])])
def test_a_site_that_registers_none_is_said_and_keeps_its_login(
    site: Sandbox, lacking: list[str], denied: list[str]
) -> None:
    site.switch |= {"lacking": lacking, "denied": denied}
    with pytest.raises(Rejected) as refused:
        connected(site).subscriptions({"order"}, URL)
    assert not isinstance(refused.value, NeedsLogin)
    connected(site).subscriptions((), URL)


def test_calls_that_are_switched_off_are_not_made(site: Sandbox) -> None:
    connector = connected(site, paths={"webhooks.list": None})
    with pytest.raises(Rejected, match=r"webhooks\.list is switched off"):
        connector.subscriptions({"order"}, URL)
    connector.subscriptions((), URL)
    assert not site.log
