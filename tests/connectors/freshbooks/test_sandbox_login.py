"""Login in the simulator: codes and refresh tokens that work once."""

from __future__ import annotations

import base64
import datetime as dt
import json
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import time_machine

from connectors.sandbox import Reply
from tests.connectors.freshbooks.books_api import Books, plain

REDIRECT = "https://hub.example/connect/books/login/"
TOKEN = "/auth/oauth/token"


@pytest.fixture
def books() -> Books:
    return Books()


def authorize(books: Books, **query: str) -> Reply:
    given = {"client_id": "sandbox-client", "response_type": "code", "redirect_uri": REDIRECT, **query}
    return books.call("GET", "/oauth/authorize/", urlencode(given))


def code(books: Books, **query: str) -> str:
    return parse_qs(urlsplit(authorize(books, **query).headers["Location"]).query)["code"][0]


def token(books: Books, path: str = TOKEN, **fields: str) -> Reply:
    settings = books.service.connection_settings()
    given = {name: settings[name] for name in ("client_id", "client_secret")} | fields
    form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": ""}
    return books.call("POST", path, body=urlencode(given).encode(), **form)


def refresh(books: Books, refresh_token: str) -> Reply:
    return token(books, grant_type="refresh_token", refresh_token=refresh_token)


def works(books: Books, access_token: str) -> bool:
    return books.call("GET", "/auth/api/v1/users/me", Authorization=f"Bearer {access_token}").status == 200


def test_consent_leads_back_with_a_code_that_buys_tokens_once(books: Books) -> None:
    location = urlsplit(authorize(books, state="s-1").headers["Location"])
    answer = dict(parse_qsl(location.query))
    assert (location.geturl().partition("?")[0], answer["state"]) == (REDIRECT, "s-1")
    exchange = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": REDIRECT}
    bought = token(books, **exchange)
    assert bought.status == 200 and works(books, plain(bought)["access_token"])
    again = token(books, **exchange)
    assert (again.status, plain(again)["error"]) == (400, "invalid_grant")


def test_the_other_addresses_work_as_well(books: Books) -> None:
    query = urlencode({"client_id": "sandbox-client", "response_type": "code", "redirect_uri": REDIRECT})
    assert books.call("GET", "/service/auth/oauth/authorize", query).status == 302
    metadata = plain(books.call("GET", "/.well-known/oauth-authorization-server"))
    last = books.service.tokens.last.refresh_token
    path = urlsplit(metadata["token_endpoint"]).path
    assert token(books, path, grant_type="refresh_token", refresh_token=last).status == 200


def test_a_code_lives_five_minutes_and_for_one_address(books: Books) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False) as clock:
        late, elsewhere = code(books), code(books)
        wrong = {"grant_type": "authorization_code", "code": elsewhere, "redirect_uri": REDIRECT + "x"}
        assert token(books, **wrong).status == 400
        clock.shift(300)
        assert token(books, grant_type="authorization_code", code=late, redirect_uri=REDIRECT).status == 400


def test_what_is_asked_of_consent_is_checked(books: Books) -> None:
    assert authorize(books, client_id="stranger").status == 500
    for uri in ("http://localhost/cb", "https://hub.example/cb?x=1"):
        assert authorize(books, redirect_uri=uri).status == 400
    refused = authorize(books, scope="user:profile:write").headers["Location"]
    assert "error=invalid_scope" in refused and "code=" not in refused
    books.service.switch["redirect"] = "any"
    assert authorize(books, redirect_uri="http://127.0.0.1:8000/cb").status == 302


def test_a_refresh_token_works_once_and_the_latest_only(books: Books) -> None:
    first = books.service.connection_settings()
    second = plain(refresh(books, first["refresh_token"]))
    assert len(second["refresh_token"]) == 64 and second["refresh_token"] != first["refresh_token"]
    assert works(books, second["access_token"]) and works(books, first["access_token"])
    spent = refresh(books, first["refresh_token"])
    assert (spent.status, plain(spent)["error"]) == (400, "invalid_grant")
    assert refresh(books, second["refresh_token"]).status == 200


def test_a_refresh_may_end_the_old_access_token_at_once() -> None:
    books = Books(refresh_kills_access=True)
    first = books.service.connection_settings()
    refresh(books, first["refresh_token"])
    assert not works(books, first["access_token"])


def test_a_token_ends_twelve_hours_after_it_was_created(books: Books) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False) as clock:
        given = plain(refresh(books, books.service.connection_settings()["refresh_token"]))
        assert (given["created_at"], given["expires_in"]) == (1772323200, 43200)
        assert works(books, given["access_token"])
        clock.shift(43200)
        assert not works(books, given["access_token"])
        settings = books.service.connection_settings()
        assert settings["expires_at"] == "2026-03-01T12:00:00+00:00"


def test_a_refresh_may_tell_a_creation_in_the_past() -> None:
    books = Books(created_at_lag=600)
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False) as clock:
        given = plain(refresh(books, books.service.connection_settings()["refresh_token"]))
        assert given["created_at"] == 1772323200 - 600
        clock.shift(43200 - 600)
        assert not works(books, given["access_token"])


def test_tokens_can_be_made_to_expire_and_be_revoked(books: Books) -> None:
    access = books.service.connection_settings()["access_token"]
    revoked = books.call("POST", "/auth/oauth/revoke", body={"token": access})
    assert (revoked.status, plain(revoked)) == (200, {})
    assert not works(books, access)
    books.service.tokens.expire()
    assert refresh(books, books.service.tokens.last.refresh_token).status == 200


def test_an_unknown_application_is_refused(books: Books) -> None:
    refused = token(books, client_secret="wrong", grant_type="refresh_token")
    assert (refused.status, plain(refused)["error"]) == (401, "invalid_client")
    assert plain(token(books, grant_type="client_credentials"))["error"] == "unsupported_grant_type"


def test_three_kinds_of_body_are_read(books: Books) -> None:
    def fields() -> dict[str, Any]:
        settings = books.service.connection_settings()
        kept = {name: settings[name] for name in ("client_id", "client_secret", "refresh_token")}
        return kept | {"grant_type": "refresh_token", "redirect_uri": REDIRECT}

    def post(body: str, content_type: str) -> int:
        return books.call("POST", TOKEN, body=body.encode(), **{"Content-Type": content_type}).status

    assert post(urlencode(fields()), "application/x-www-form-urlencoded") == 200
    assert post(json.dumps(fields()), "application/json; charset=utf-8") == 200
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields().items()
    )
    assert post(parts + "--b--\r\n", "multipart/form-data; boundary=b") == 200
    assert post("{oops", "application/json") == 401


def test_pkce_may_be_enforced() -> None:
    books = Books(pkce="enforce")
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    for given, status in ((verifier, 200), ("wrong", 400)):
        fields = {"code": code(books, code_challenge=challenge), "redirect_uri": REDIRECT, "code_verifier": given}
        assert token(books, grant_type="authorization_code", **fields).status == status


@pytest.mark.parametrize("null", [False, True])
def test_the_account_is_named_by_the_membership_or_only_by_the_roles(null: bool) -> None:
    books = Books(null_account_id=null)
    me = plain(books.call("GET", "/auth/api/v1/users/me"))["response"]
    business = me["business_memberships"][0]["business"]
    assert business["account_id"] == (None if null else books.account_id)
    assert me["roles"][0]["accountid"] == books.account_id
    assert business["id"] != me["business_memberships"][0]["id"]
