"""BigCommerce in the hub: its orders reach the books, its webhooks are looked after, its own visits are let in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from connectors.base import Notice
from connectors.bigcommerce.hooks import SCOPES
from connectors.bigcommerce.sandbox.login import signed_payload
from connectors.models import Connection
from connectors.vault import DatabaseVault, connect
from hub.books.agreement import agreement
from hub.configuration import apply
from hub.intake.inbox import accept
from hub.intake.subscribing import webhook_url
from hub.models import Event, SyncRecord
from tests.hub.world import World, kinds, open_world
from tests.oracle import violations

ORDER_SCOPES = set(SCOPES["order"])


@pytest.fixture
def world(transactional_db: None, settings: Settings) -> Iterator[World]:
    settings.PUBLIC_URL = "https://hub.example.com"
    made = open_world("bigcommerce", kinds("books")[0])
    yield made
    made.store.close()
    made.books.close()


def scopes(world: World) -> set[str]:
    return {hook["scope"] for hook in world.store.state()["hooks"]}


def idle_connection(world: World) -> Connection:
    """One that no flow reads from any more; its webhooks are still there."""
    made = Connection.objects.create(
        name="idle", kind=world.source.kind, settings=world.source.settings, secrets=world.source.secrets
    )
    connect(made).subscriptions({"order"}, webhook_url(made))
    return made


def test_the_real_order_519_posts_2400_with_tax_125_12(world: World, shared: Path) -> None:
    folder = shared / "vendors" / "bigcommerce" / "examples"
    order, products, addresses = (
        json.loads((folder / f"appse_order_519_{name}.json").read_text(), parse_float=Decimal)
        for name in ("taxinclusive_manual_discount_get", "products", "shipping_addresses")
    )
    world.place(order={**order, "status_id": 11}, products=products, shipping_addresses=addresses)
    world.sync()
    assert world.record().state == "posted", world.record().message
    [invoice] = world.invoices
    assert (invoice["amount"]["amount"], invoice["currency_code"]) == ("2400.00", "USD")
    net = sum(Decimal(line["amount"]["amount"]) for line in invoice["lines"])
    assert Decimal("2400.00") - net == Decimal("125.12")


def test_a_whole_life_posts_client_invoice_payments_and_refunds(world: World) -> None:
    for seed, kind in enumerate(("partial_refund", "partial_capture", "gift_card", "extras", "shipping_discount")):
        world.place(kind=kind, seed=seed)
    world.sync()
    assert violations(world.store.expectations(), world.books.state()) == []
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    assert agreement(days[0], days[-1]).agree
    assert world.clients and len(world.credit_notes) == 1


def test_the_write_back_does_not_come_round_again(world: World) -> None:
    world.place(kind="simple", seed=1)
    world.sync()
    told = world.store.told()
    for _ in range(2):
        world.sync()
    assert world.store.told() == told and "Booked as invoice" in str(told)
    assert len([path for method, path, _ in world.store.log if method == "PUT" and "/orders/" in path]) == 1


def test_webhooks_are_made_by_the_first_poll_and_healed_by_the_next(world: World) -> None:
    world.poll()
    assert scopes(world) == ORDER_SCOPES
    hooks = world.store.shop.hooks  # type: ignore[attr-defined]
    del hooks[min(hooks)]
    hooks[max(hooks)]["is_active"] = False
    world.poll()
    assert scopes(world) == ORDER_SCOPES and all(hook["is_active"] for hook in hooks.values())


def test_a_store_that_refuses_them_is_read_all_the_same(world: World, settings: Settings) -> None:
    settings.PUBLIC_URL = "http://hub.example.com"
    world.place(kind="simple")
    world.sync()
    assert (world.record().state, scopes(world)) == ("posted", set())


@pytest.mark.parametrize("way", ["page", "action"])
def test_a_deleted_connection_takes_its_webhooks_along(world: World, client: Client, way: str) -> None:
    idle = idle_connection(world)
    client.force_login(User.objects.create_superuser("root"))
    if way == "page":
        client.post(f"/admin/connectors/connection/{idle.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": str(idle.pk), "post": "yes"}
        client.post("/admin/connectors/connection/", chosen)
    assert not Connection.objects.filter(name="idle").exists()
    assert scopes(world) == set()


def test_a_connection_that_a_flow_needs_stays_and_keeps_its_webhooks(world: World, client: Client) -> None:
    world.poll()
    client.force_login(User.objects.create_superuser("root"))
    client.post(f"/admin/connectors/connection/{world.source.pk}/delete/", {"post": "yes"})
    assert Connection.objects.filter(name="store").exists() and scopes(world) == ORDER_SCOPES


def test_a_store_that_is_away_keeps_nobody_from_deleting_its_connection(world: World, client: Client) -> None:
    idle = idle_connection(world)
    client.force_login(User.objects.create_superuser("root"))
    world.fault("store", kind="status", status=503, times=-1)
    page = client.post(f"/admin/connectors/connection/{idle.pk}/delete/", {"post": "yes"}, follow=True)
    assert "Its webhooks could not be deleted" in page.content.decode()
    assert not Connection.objects.filter(name="idle").exists()


def test_installing_the_app_gives_the_connection_its_token_back(world: World, client: Client) -> None:
    DatabaseVault(world.source.pk).put(access_token="")
    with pytest.raises(Exception, match="no access token"):
        world.poll()
    world.source.refresh_from_db()
    assert world.source.state == "needs_login"
    page = client.get(f"/connect/store/auth/?{world.store.login.visit()}")  # type: ignore[attr-defined]
    world.source.refresh_from_db()
    assert (page.status_code, world.source.state) == (200, "ok")
    assert "The app is installed" in page.content.decode() and not page.has_header("X-Frame-Options")
    world.poll()


def test_the_addresses_of_the_apps_callbacks_stand_on_the_connections_page(world: World, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    page = client.get(f"/admin/connectors/connection/{world.source.pk}/change/").content.decode()
    for visit in ("auth", "load", "uninstall"):
        assert f"https://hub.example.com/connect/store/{visit}/" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 403), ("signed_payload_jwt=junk", 403),
        (f"signed_payload_jwt={signed_payload('guessed')}", 403), (f"signed_payload_jwt={signed_payload()}", 200),
    ],
)  # fmt: skip
def test_a_visit_must_prove_itself(world: World, client: Client, query: str, status: int) -> None:
    assert client.get(f"/connect/store/load/?{query}").status_code == status


@pytest.mark.parametrize("path", ["/connect/books/load/", "/connect/nowhere/load/", "/connect/store/start/"])
def test_what_is_no_visit_wants_a_login_of_ours(world: World, client: Client, path: str) -> None:
    answer: Any = client.get(path)
    assert answer.status_code == 302 and "login" in answer["Location"]


def test_no_webhook_is_asked_for_to_an_address_that_the_vendor_does_not_send_to(
    world: World, settings: Settings, client: Client
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    settings.PUBLIC_URL = "http://hub.example.com"
    world.poll()
    assert scopes(world) == set() and not [path for _, path, _ in world.store.log if "/hooks" in path]
    page = f"/admin/connectors/connection/{world.source.pk}/change/"
    said = "BigCommerce sends them to <code>https</code> addresses only"
    assert said in client.get(page).content.decode()
    settings.PUBLIC_URL = "https://hub.example.com"
    world.poll()
    assert set(SCOPES["order"]) <= scopes(world)
    assert said not in client.get(page).content.decode()


def test_a_price_that_is_entered_with_tax_is_no_price_of_an_item(world: World) -> None:
    flow = {"name": "catalogue", "preset": "bigcommerce-product-to-item", "source": "store", "target": "books"}
    apply(json.dumps({"version": 1, "flows": [{**flow, "enabled": True}]}), environment={})
    costs = []
    for with_tax, price in ((False, Decimal("12.50")), (True, Decimal("15.00")), (False, Decimal("13.00"))):
        world.store.switch["prices_with_tax"] = with_tax
        cup = world.store.place({"product": {"id": 900, "sku": "CUP", "name": f"Cup for {price}", "price": price}})
        accept(world.source, Notice("product", str(cup["id"])), door=Event.Door.HAND)
        world.work()
        [item] = [row for row in world.books.state()["items"] if row["sku"] == "CUP"]
        assert item["name"] == cup["name"]
        costs.append(item["unit_cost"]["amount"])
    assert costs == ["12.50", "12.50", "13.00"]
