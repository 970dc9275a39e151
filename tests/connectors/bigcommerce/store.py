"""The simulated store with a connector to it, over real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest

from connectors.bigcommerce.connector import BigCommerce
from connectors.bigcommerce.sandbox import sandbox
from connectors.bigcommerce.sandbox.access import TOKEN
from connectors.bigcommerce.settings_form import SettingsForm
from connectors.http import Budget, NoBudget
from connectors.sandbox import Call, Reply
from tests.connectors.vaults import MemoryVault

SECRET_NAMES = ("access_token", "client_secret", "webhook_secret")
KEYS = {"X-Auth-Token": TOKEN}


@pytest.fixture
def store() -> Iterator[sandbox]:
    found = sandbox()
    found.serve()
    yield found
    found.close()


def connected(store: sandbox, budget: Budget | None = None, **changed: str) -> BigCommerce:
    form = SettingsForm({**store.connection_settings(), **changed})
    assert form.is_valid(), form.errors
    secrets = {name: form.cleaned_data[name] for name in SECRET_NAMES}
    plain = {name: value for name, value in form.cleaned_data.items() if name not in secrets}
    return BigCommerce(plain, MemoryVault(**secrets), budget or NoBudget())


def ask(
    store: sandbox, method: str, path: str, body: Any = None, *, query: str = "", headers: Mapping[str, str] = KEYS
) -> Reply:
    """Without a socket; `path` after the store's hash."""
    sent = b"" if body is None else json.dumps(body).encode()
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    return store.answer(Call(method, f"/stores/abc123{path}", pairs, headers, sent, raw_query=query))


def got(store: sandbox, path: str, query: str = "") -> Any:
    reply = ask(store, "GET", path, query=query)
    assert reply.status == 200, reply.body
    return json.loads(reply.encoded())
