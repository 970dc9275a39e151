"""A new store is one folder: made by a command, found by the registry, accepted by the checks, and it works."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors import checks, registry
from connectors.base import Connector, Notice, Webhook
from connectors.errors import BadSignature
from connectors.http import NoBudget


class Vault:
    def __init__(self, secrets: dict[str, str]) -> None:
        self.secrets = secrets

    def get(self, name: str) -> str:
        return self.secrets.get(name, "")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    call_command("startconnector", "corner_shop", "--into", str(tmp_path))
    monkeypatch.setenv("COUNTINGHOUSE_CONNECTORS", str(tmp_path))
    registry.connectors.cache_clear()
    yield tmp_path / "corner_shop"
    for name in [name for name in sys.modules if name.startswith("connectors.corner_shop")]:
        del sys.modules[name]
    registry.connectors.cache_clear()


@pytest.fixture
def sandbox(made: Path) -> Iterator[Any]:
    running = registry.module("corner_shop", "sandbox").sandbox()
    running.serve()
    yield running
    running.close()


@pytest.fixture
def shop(sandbox: Any) -> Connector:
    settings = sandbox.connection_settings()
    return registry.connector("corner_shop")(settings, Vault(settings), NoBudget())


def test_it_is_found_and_needs_nothing_more(made: Path) -> None:
    found = registry.connector("corner_shop")
    assert (found.label, found.role) == ("Corner Shop", "store")
    assert [*checks.findings("corner_shop", found)] == []


def test_it_reads_an_order_of_its_own_simulator(shop: Connector, sandbox: Any) -> None:
    placed = sandbox.place({})
    resource = shop.resource("order")
    order = resource.parse(resource.fetch(placed["id"]))
    assert (order.number, str(order.total), order.residual) == ("S00001", "11.90", 0)
    assert shop.check() == "Connected to Corner Shop sandbox"


def test_it_reads_every_changed_order_once(shop: Connector, sandbox: Any) -> None:
    for number in range(120):  # more than two pages, many within one second
        sandbox.place({"created_at": f"2026-03-01T10:00:{number // 60:02}+00:00"})
    changed = shop.resource("order").changed_since({"since": "2026-03-01T00:00:00+00:00"})
    assert sorted(int(notice.id) for notice, _ in changed) == [*range(1, 121)]


def test_it_trusts_only_signed_webhooks(shop: Connector, sandbox: Any) -> None:
    sandbox.hook = {"url": "http://127.0.0.1:9/", "hold": True}
    sandbox.place({})
    _, body, headers = sandbox.outbox[0]
    genuine = Webhook(body, {name.lower(): value for name, value in headers.items()})
    shop.verify(genuine)
    assert [*shop.read_notices(genuine)] == [Notice("order", id="1")]
    with pytest.raises(BadSignature):
        shop.verify(Webhook(json.dumps({"order_id": "2"}).encode(), genuine.headers))


@pytest.mark.parametrize("name", ["Corner", "7-eleven", "..", "a b"])
def test_a_folder_needs_a_usable_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="lower-case"):
        call_command("startconnector", name, "--into", str(tmp_path))
    assert not [*tmp_path.iterdir()]


def test_nothing_is_overwritten(made: Path) -> None:
    with pytest.raises(CommandError, match="already"):
        call_command("startconnector", "corner_shop", "--into", str(made.parent))
