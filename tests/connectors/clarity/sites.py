"""A served site and a connector that is connected to it, through the form and with what it keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from connectors.base import Connector
from connectors.clarity import connector as clarity
from connectors.clarity.sandbox import sandbox
from connectors.clarity.settings_form import ClaritySettings
from connectors.documents import Order
from connectors.http import NoBudget
from connectors.sandbox import Sandbox
from hub.configuration.connections import secret_names
from tests.connectors.vaults import MemoryVault

EVER = {"since": "2000-01-01T00:00:00+00:00"}


@pytest.fixture
def site() -> Iterator[Sandbox]:
    found = sandbox()
    found.serve()
    yield found
    found.close()


def settings_of(**given: Any) -> dict[str, Any]:
    """What the form makes of it: tables are written as a person would write them."""
    written = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in given.items()}
    form = ClaritySettings(written)
    assert form.is_valid(), form.errors
    stored: dict[str, Any] = json.loads(json.dumps(form.cleaned_data, cls=DjangoJSONEncoder))
    return stored


def connected(site: Sandbox, **more: Any) -> Connector:
    return built(**{**site.connection_settings(), **more})


def built(**given: Any) -> Connector:
    stored = settings_of(**{"base_url": "https://shop.example.com/api/v1", **given})
    secret = secret_names(clarity)
    plain = {name: value for name, value in stored.items() if name not in secret}
    return clarity(plain, MemoryVault(**{name: str(stored[name]) for name in secret}), NoBudget())


def polled(connector: Connector, name: str = "order", cursor: Mapping[str, Any] = EVER) -> tuple[list[str], Any]:
    """Ids as they are told, and the cursor to store after the last."""
    ids, reached = [], cursor
    for notice, after in connector.resource(name).changed_since(cursor):
        ids.append(notice.id)
        reached = after
    return ids, json.loads(json.dumps(reached))


def read(connector: Connector, id: str) -> Order:
    orders = connector.resource("order")
    found = orders.parse(orders.fetch(id))
    assert isinstance(found, Order)
    return found
