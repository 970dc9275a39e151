"""The login: consent, single-use refresh tokens, and what a refusal means."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl

import pytest

from connectors.errors import NeedsLogin, OutcomeUnknown, RetryLater
from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.settings_form import SettingsForm, token_url
from tests.connectors.freshbooks.conftest import NOW, SETTINGS, Meter, Recorded
from tests.connectors.vaults import MemoryVault

END = dt.datetime.fromtimestamp(1772366400 + 41000, dt.UTC)


def test_the_consent_screen_gets_the_app_and_our_state(books: FreshBooks) -> None:
    assert books.authorize_url("https://hub.example.org/connect/books/login/", "s1") == (
        "https://auth.freshbooks.com/oauth/authorize/?client_id=app&response_type=code"
        "&redirect_uri=https%3A%2F%2Fhub.example.org%2Fconnect%2Fbooks%2Flogin%2F&state=s1"
    )


def test_the_code_becomes_tokens_that_end_when_the_vendor_says(
    books: FreshBooks, vault: MemoryVault, recorded: Recorded
) -> None:
    recorded("token-refresh")
    books.exchange("c0de", "https://hub.example.org/back/")
    assert dict(parse_qsl(recorded.sent().body)) == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": "https://hub.example.org/back/",
        "client_id": "app",
        "client_secret": "hush",
    }
    assert (vault.get("access_token"), vault.get("refresh_token")) == ("access-2", "refresh-2")
    assert books.token_expires_at() == END


def test_an_ended_token_is_renewed_before_the_call(books: FreshBooks, vault: MemoryVault, recorded: Recorded) -> None:
    vault.put(expires_at=(NOW - dt.timedelta(hours=1)).isoformat(), redirect_uri="https://hub.example.org/back/")
    recorded("token-refresh", "invoice-partly-paid")
    books.resource("invoice").read("81001")
    asked = dict(parse_qsl(recorded.sent(0).body))
    assert asked["grant_type"] == "refresh_token"
    assert asked["refresh_token"] == "refresh-1"
    assert asked["redirect_uri"] == "https://hub.example.org/back/"
    assert recorded.sent(1).headers["Authorization"] == "Bearer access-2"


def test_a_refused_token_is_renewed_once_and_the_call_repeated(books: FreshBooks, recorded: Recorded) -> None:
    recorded("unauthenticated-newer", "token-refresh", "invoice-partly-paid")
    assert books.resource("invoice").read("81001").status == "partial"
    assert len(recorded.calls) == 3


def test_a_token_refused_twice_asks_for_a_login(books: FreshBooks, recorded: Recorded) -> None:
    recorded("unauthenticated-newer", "token-refresh", "unauthenticated-newer")
    with pytest.raises(NeedsLogin):
        books.resource("invoice").read("81001")


@pytest.mark.parametrize("answer", ["token-refresh-spent", "token-wrong-client"])
def test_a_refused_refresh_asks_for_a_login_without_telling_secrets(
    books: FreshBooks, recorded: Recorded, answer: str
) -> None:
    recorded("unauthenticated", answer)
    with pytest.raises(NeedsLogin) as refused:
        books.check()
    assert not {"hush", "refresh-1", "access-1"} & set(str(refused.value).split())


def test_without_any_token_a_login_is_asked_for_and_no_call_made(recorded: Recorded) -> None:
    with pytest.raises(NeedsLogin):
        FreshBooks(SETTINGS, MemoryVault(), Meter()).check()
    assert recorded.calls == []


@pytest.mark.parametrize("fault", [{"status": 503}, {"body": {"token_type": "Bearer"}}])
def test_a_login_in_trouble_is_tried_later_and_leaves_no_effect_in_doubt(
    books: FreshBooks, recorded: Recorded, fault: dict
) -> None:
    recorded("unauthenticated")
    recorded("token-refresh", **fault)
    with pytest.raises(RetryLater) as trouble:
        books.check()
    assert not isinstance(trouble.value, OutcomeUnknown)


def test_a_grant_that_is_over_before_it_was_given_is_believed_until_refused(
    books: FreshBooks, recorded: Recorded
) -> None:
    recorded(
        "token-refresh", body={"access_token": "a", "refresh_token": "r", "created_at": 1287273500, "expires_in": 100}
    )
    books.exchange("c0de", "https://hub.example.org/back/")
    assert books.token_expires_at() is None


def test_secrets_go_where_the_api_is() -> None:
    assert token_url({"api_url": "http://127.0.0.1:9100/"}) == "http://127.0.0.1:9100/auth/oauth/token"
    assert token_url({}) == "https://api.freshbooks.com/auth/oauth/token"
    assert token_url({"api_url": "http://a.example", "token_url": "http://b.example/t"}) == "http://b.example/t"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("1772366400", "2026-03-01T12:00:00+00:00"), ("2026-03-01T12:00Z", "2026-03-01T12:00:00+00:00"), ("", "")],
)
def test_the_form_takes_an_expiry_as_an_instant_or_as_seconds(given: str, kept: str) -> None:
    form = SettingsForm({"expires_at": given})
    assert form.is_valid()
    assert form.cleaned_data["expires_at"] == kept


def test_the_form_refuses_what_is_no_instant_and_no_address() -> None:
    form = SettingsForm({"expires_at": "tomorrow", "api_url": "freshbooks"})
    assert set(form.errors) == {"expires_at", "api_url"}
