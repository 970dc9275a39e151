"""A private app instead of an API account: the visits that BigCommerce sends prove themselves, and nothing else does."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest

from connectors.bigcommerce.connector import BigCommerce
from connectors.bigcommerce.sandbox import sandbox
from connectors.bigcommerce.sandbox.login import signed_payload
from connectors.errors import BadSignature, NeedsLogin
from tests.connectors.bigcommerce.store import connected, store

__all__ = ["store"]
URI = "https://hub.example.com/connect/north/auth/"


@pytest.fixture
def app(store: sandbox) -> BigCommerce:
    return connected(store, access_token="")


def visit(app: BigCommerce, visit: str, **changed: Any) -> str:
    return app.visited(visit, {"signed_payload_jwt": signed_payload(**changed)}, URI).sentence


def test_an_installation_brings_a_token_that_works(store: sandbox, app: BigCommerce) -> None:
    with pytest.raises(NeedsLogin):
        app.check()
    came = app.visited("auth", dict(parse_qsl(store.login.visit())), URI)
    assert came.logged_in and "installed" in came.sentence
    assert "Sandbox Goods" in app.check()


def test_a_code_works_once(store: sandbox, app: BigCommerce) -> None:
    query = {name: values[0] for name, values in parse_qs(store.login.visit()).items()}
    app.visited("auth", query, URI)
    with pytest.raises(NeedsLogin, match="refused the installation"):
        app.visited("auth", query, URI)


def test_another_stores_installation_is_refused_without_a_call(store: sandbox, app: BigCommerce) -> None:
    query = {**dict(parse_qsl(store.login.visit())), "context": "stores/xyz789"}
    with pytest.raises(BadSignature):
        app.visited("auth", query, URI)
    assert store.log == []


def test_a_signed_visit_is_welcome(app: BigCommerce) -> None:
    assert "connected" in visit(app, "load")


def test_an_uninstalled_app_has_no_token_any_more(store: sandbox, app: BigCommerce) -> None:
    app.visited("auth", dict(parse_qsl(store.login.visit())), URI)
    visit(app, "uninstall")
    assert app.vault.get("access_token") == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": "guessed"}, {"aud": "another app"}, {"sub": "stores/xyz789"},
        {"exp": time.time() - 3600}, {"nbf": time.time() + 3600}, {"exp": None},
    ],
)  # fmt: skip
def test_a_forged_or_stale_visit_is_refused(app: BigCommerce, changed: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        visit(app, "uninstall", **changed)
    assert app.vault.get("client_secret")


@pytest.mark.parametrize("token", ["", "a.b.c", "..", "é.é.é", "eyJhbGciOiJub25lIn0.e30."])
def test_junk_is_no_visit(app: BigCommerce, token: str) -> None:
    with pytest.raises(BadSignature):
        app.visited("load", {"signed_payload_jwt": token}, URI)
