"""How the simulator says no: who may call, two envelopes in the books and others elsewhere, and limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from tests.connectors.freshbooks.books_api import Books, plain, refusal


@pytest.fixture
def books() -> Books:
    return Books()


def missing(books: Books, **headers: str) -> Any:
    return plain(books.call("GET", books.path("client", 12345), **headers))


CLASSIC = {
    "response": {
        "errors": [
            {"errno": 1012, "field": "userid", "message": "Client not found.", "object": "client", "value": "12345"}
        ]
    }
}


def test_the_version_header_chooses_the_envelope(books: Books) -> None:
    assert missing(books)["details"][0]["reason"] == "1012"
    assert missing(books, **{"X-API-VERSION": "2023-02-20"})["code"] == 5
    assert missing(books, **{"Api-Version": "alpha"}) == CLASSIC


def test_or_a_switch_does(books: Books) -> None:
    books.service.switch["error_envelope"] = "classic"
    assert missing(books) == CLASSIC
    books.service.switch["errors_as_object"] = True
    assert missing(books) == {"response": {"errors": CLASSIC["response"]["errors"][0]}}
    books.service.switch["error_envelope"] = "new"
    assert "details" in missing(books, **{"Api-Version": "alpha"})


def test_each_family_says_unauthorized_in_its_own_way(books: Books) -> None:
    nobody = {"Authorization": "Bearer x"}
    assert refusal(books.call("GET", books.path("client"), **nobody)) == (401, 1003, "")
    assert plain(books.call("GET", "/auth/api/v1/users/me", **nobody))["error"] == "unauthenticated"
    callbacks = books.call("GET", f"/events/account/{books.account_id}/events/callbacks", **nobody)
    assert (callbacks.status, plain(callbacks)["errno"]) == (401, 401)


def test_an_account_of_another_spelling_or_kind_is_not_found(books: Books) -> None:
    def client_list(account: str) -> Any:
        return books.call("GET", f"/accounting/account/{account}/users/clients")

    assert plain(client_list(books.account_id.lower()))["details"][0]["metadata"]["message"] == "Account not found"
    assert (client_list("14700210").status, client_list("14700210").encoded()) == (404, b"")
    assert books.call("GET", "/accounting/account").encoded() == b""


def test_a_client_role_reads_and_a_token_has_scopes(books: Books) -> None:
    books.service.switch["role"] = "client"
    assert books.list("client") == []
    assert books.refused("client", fname="Ada") == (403, 1003, "")
    books.service.switch["role"] = "owner"
    books.service.tokens.issue(["user:clients:read"])
    assert books.list("client") == []
    assert books.refused("client", fname="Ada") == (403, 1003, "")
    assert books.call("GET", books.path("invoice")).status == 403


def test_a_body_that_is_no_json_is_refused(books: Books) -> None:
    assert refusal(books.call("POST", books.path("client"), body=b"{oops")) == (400, 1005, "")


def test_every_answer_tells_what_is_left(books: Books) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False):
        first = books.call("GET", books.path("client")).headers
        second = books.call("PUT", books.path("client", 1)).headers
        write = books.call("POST", books.path("client")).headers
        login = books.call("POST", "/auth/oauth/token").headers
    assert (first["X-RateLimit-Limit"], first["X-RateLimit-Remaining"], first["Retry-After"]) == ("600", "599", "60")
    assert second["X-RateLimit-Remaining"] == "598"
    assert (write["X-RateLimit-Limit"], write["X-RateLimit-Remaining"]) == ("250", "249")
    assert login["X-RateLimit-Remaining"] == "597"
    assert int(first["X-RateLimit-Reset"]) == 1772323260
    assert first["X-Api-Version"] == "2023-02-20"


def test_who_exceeds_a_limit_waits_for_the_window_to_end() -> None:
    books = Books(rate_limit_write=2)
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False) as clock:
        for _ in range(2):
            books.client()
        clock.shift(20)
        refused = books.call("POST", books.path("client"), body={"client": {"fname": "Ada"}})
        assert (refused.status, refused.headers["Retry-After"]) == (429, "40")
        assert len(books.list("client")) == 2
        clock.shift(40)
        books.client()
    assert len(books.list("client")) == 3


@pytest.mark.parametrize("body", ["message", "errors", "html", "empty"])
def test_nobody_knows_what_a_429_says(body: str) -> None:
    books = Books(rate_limit_read=0, body_429=body)
    reply = books.call("GET", books.path("client"))
    assert reply.status == 429
    assert (reply.encoded() == b"") is (body == "empty")


def test_a_window_of_nothing_never_limits() -> None:
    books = Books(rate_window=0, rate_limit_read=1)
    assert {books.call("GET", books.path("client")).status for _ in range(5)} == {200}
