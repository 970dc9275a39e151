"""Logging in: every grant, tokens that end or are revoked, and one worker that renews for all."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from connectors.base import Connector
from connectors.clarity.sandbox.access import KEY, PASSWORD, STATIC, USER
from connectors.errors import NeedsLogin
from connectors.sandbox import Sandbox
from tests.connectors.clarity.sites import connected, polled


def tokens(site: Sandbox) -> int:
    return sum(path.endswith("/oauth/token") and status == 200 for _, path, status in site.log)


@pytest.mark.parametrize("where", ["basic", "body"])
def test_the_hub_logs_in_by_itself_once(site: Sandbox, where: str) -> None:
    site.switch["client_auth"] = where
    connector = connected(site, client_auth=where)
    connector.check()
    polled(connector)
    assert tokens(site) == 1
    assert connector.token_expires_at() is not None


def test_a_token_that_was_revoked_is_renewed_once_and_the_call_repeated(site: Sandbox) -> None:
    connector = connected(site)
    connector.check()
    site.gate.revoke()  # type: ignore[attr-defined]
    connector.check()
    assert tokens(site) == 2


def test_a_site_that_takes_no_token_asks_for_a_login_after_one_renewal(site: Sandbox) -> None:
    site.switch["token_seconds"] = -5
    with pytest.raises(NeedsLogin, match="refuses the login"):
        connected(site).check()
    assert tokens(site) == 2


def test_a_token_without_an_end_lives_as_long_as_the_setting_says(site: Sandbox) -> None:
    site.switch["tells_expiry"] = False
    connector = connected(site, default_ttl_s="600")
    connector.check()
    left = connector.token_expires_at() - connector.now()  # type: ignore[operator]
    assert 590 < left.total_seconds() <= 600


def test_several_workers_renew_it_once(site: Sandbox) -> None:
    connector = connected(site)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: connector.check(), range(8)))
    assert tokens(site) == 1


class Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def consented(site: Sandbox, connector: Connector, back: str) -> str:
    """What a person's browser brings back."""
    try:
        build_opener(Stays).open(Request(connector.authorize_url(back, "state-1")))
    except Exception as redirected:
        target = urlsplit(redirected.headers["Location"])  # type: ignore[attr-defined]
    query = parse_qs(target.query)
    assert query["state"] == ["state-1"] and back.startswith(f"{target.scheme}://{target.netloc}{target.path}")
    return query["code"][0]


def test_a_person_logs_in_and_the_refresh_token_works_once(site: Sandbox) -> None:
    connector = connected(site, grant="authorization_code")
    assert connector.logs_in_by_person() and not connected(site).logs_in_by_person()
    with pytest.raises(NeedsLogin, match="log in"):
        connector.check()
    code = consented(site, connector, "https://hub.example.com/connect/site/callback/")
    connector.exchange(code, "https://hub.example.com/connect/site/callback/")
    connector.check()
    before = connector.vault.get("refresh_token")
    site.gate.revoke()  # type: ignore[attr-defined]
    connector.check()
    assert connector.vault.get("refresh_token") not in ("", before)


@pytest.mark.parametrize(
    ("auth", "given"),
    [
        ("bearer_static", {"access_token": STATIC}),
        ("basic", {"username": USER, "password": PASSWORD}),
        ("api_key", {"api_key": KEY}),
    ],
)
def test_what_is_no_oauth_is_sent_along_as_it_is(site: Sandbox, auth: str, given: dict[str, str]) -> None:
    site.switch["auth"] = auth
    connected(site, auth=auth, **given).check()
    with pytest.raises(NeedsLogin):
        connected(site, auth=auth, **dict.fromkeys(given, "wrong")).check()
    with pytest.raises(NeedsLogin, match="is stored"):
        connected(site, auth=auth).check()


def test_the_password_grant_takes_user_and_password(site: Sandbox) -> None:
    connected(site, grant="password", username=USER, password=PASSWORD).check()
    with pytest.raises(NeedsLogin, match="not good any more"):
        connected(site, grant="password", username=USER, password="wrong").check()


def test_a_header_of_its_own_carries_the_token(site: Sandbox) -> None:
    site.switch["auth"] = "basic"
    pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    connected(site, auth="bearer_static", access_token=pair, auth_header="Authorization: Basic {token}").check()


def test_a_token_address_that_leads_nowhere_is_said(site: Sandbox) -> None:
    with pytest.raises(NeedsLogin, match=r"gives no tokens at /api/v1/elsewhere: look at the token address"):
        connected(site, token_url="/elsewhere").check()


def test_scopes_and_further_parameters_are_asked_for(site: Sandbox) -> None:
    connector = connected(
        site, grant="authorization_code", scopes="orders.read, payments.read", extra_params={"audience": "a"}
    )
    asked = parse_qs(urlsplit(connector.authorize_url("https://hub.example.com/", "s")).query)
    assert (asked["scope"], asked["audience"]) == (["orders.read payments.read"], ["a"])
