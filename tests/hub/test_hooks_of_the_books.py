"""The books' own webhooks, from registration to the change of a customer, over real HTTP on both sides."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from connectors.models import Connection
from hub.intake.polling import poll
from hub.intake.subscribing import unsubscribe
from hub.models import WebhookRequest
from tests.hub.two_ways import TwoWays, keep_alike
from tests.hub.world import World

NEEDED = ("person",)
State = WebhookRequest.State


def until(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came about")


@pytest.fixture
def ways(world: World, live_server: LiveServer, settings: Settings) -> TwoWays:
    settings.PUBLIC_URL = live_server.url
    return keep_alike(world)


def callbacks(ways: TwoWays) -> list[dict[str, object]]:
    return [dict(row) for row in ways.world.books.callbacks.table]  # type: ignore[attr-defined]


def register(ways: TwoWays) -> None:
    """The hub asks, the books send their code, a worker gives it back."""
    poll(ways.world.target)
    until(lambda: WebhookRequest.objects.filter(state=State.STORED).exists())
    ways.world.work()


def test_the_hub_registers_and_confirms_its_own_webhooks(ways: TwoWays) -> None:
    register(ways)
    [callback] = callbacks(ways)
    assert (callback["event"], callback["verified"]) == ("client", True)
    books = Connection.objects.get(name="books")
    assert books.secrets[f"verifier:{callback['id']}"] == callback["_verifier"]
    assert str(callback["_verifier"]).encode() not in bytes(WebhookRequest.objects.get().body)


def test_a_client_s_change_arrives_without_a_poll(ways: TwoWays) -> None:
    ada = ways.world.store.person({"email": "ada@example.org", "first_name": "Ada", "last_name": "Byte"})
    ways.sync()
    register(ways) if not all(one["verified"] for one in callbacks(ways)) else None
    before = WebhookRequest.objects.count()
    ways.world.books.person({"id": ways.client_of(ada), "first_name": "Augusta"})
    until(lambda: WebhookRequest.objects.count() > before)
    ways.world.work()
    assert ways.customers[ada]["first_name"] == "Augusta"
    assert not WebhookRequest.objects.filter(state=State.REJECTED).exists()


def test_a_second_poll_registers_nothing_more(ways: TwoWays) -> None:
    register(ways)
    poll(ways.world.target)
    assert len(callbacks(ways)) == 1


def test_webhooks_deleted_behind_our_back_are_healed_by_the_next_poll(ways: TwoWays) -> None:
    register(ways)
    [old] = ways.world.books.callbacks.table  # type: ignore[attr-defined]
    ways.world.books.callbacks.table.remove(old)  # type: ignore[attr-defined]
    register(ways)
    [new] = callbacks(ways)
    assert new["verified"] and new["id"] != old["id"]
    kept = Connection.objects.get(name="books").secrets
    assert kept["callbacks"] == str(new["id"]) and not kept[f"verifier:{old['id']}"]


def test_a_webhook_whose_secret_was_lost_is_replaced(ways: TwoWays) -> None:
    register(ways)
    [old] = callbacks(ways)
    books = Connection.objects.get(name="books")
    books.secrets = {**books.secrets, "callbacks": "", f"verifier:{old['id']}": ""}
    books.save()
    register(ways)
    [new] = callbacks(ways)
    assert new["verified"] and new["id"] != old["id"]


def test_a_forged_handshake_proves_nothing(ways: TwoWays) -> None:
    poll(ways.world.target)
    until(lambda: WebhookRequest.objects.exists())
    [callback] = callbacks(ways)
    WebhookRequest.objects.update(body=f"name=callback.verify&object_id={callback['id']}&verifier=guess".encode())
    ways.world.work()
    assert not callbacks(ways)[0]["verified"]
    assert "guess" not in Connection.objects.get(name="books").secrets.values()


def test_disconnecting_deletes_them(ways: TwoWays) -> None:
    register(ways)
    assert unsubscribe(ways.world.target) == ""
    assert callbacks(ways) == []
