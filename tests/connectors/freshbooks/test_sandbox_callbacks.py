"""Callbacks in the simulator: a handshake, then thin signed deliveries."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from connectors.freshbooks.sandbox.deliveries import signature
from connectors.sandbox import Reply
from tests.connectors.freshbooks.books_api import Books, plain

URI = "http://127.0.0.1:9/webhooks/books/"


@pytest.fixture
def books() -> Books:
    held = Books()
    held.service.hook = {"hold": True}
    return held


def callbacks(books: Books, method: str, id: object = "", query: str = "", **fields: Any) -> Reply:
    path = f"/events/account/{books.account_id}/events/callbacks" + (f"/{id}" if id else "")
    return books.call(method, path, query, {"callback": fields} if fields else None)


def register(books: Books, event: str, uri: str = URI) -> Any:
    return plain(callbacks(books, "POST", event=event, uri=uri))["response"]["result"]["callback"]


def sent(books: Books) -> list[dict[str, str]]:
    """What waits in the outbox, read and taken out."""
    waiting, books.service.outbox = books.service.outbox, []
    return [dict(parse_qsl(body.decode())) for _, body, _ in waiting]


def verified(books: Books, event: str) -> tuple[int, str]:
    id = register(books, event)["callbackid"]
    verifier = sent(books)[0]["verifier"]
    callbacks(books, "PUT", id, verifier=verifier)
    return id, verifier


def told(books: Books) -> list[str]:
    return [fields["name"] for fields in sent(books)]


def test_the_signature_is_exact() -> None:
    fields = {
        **{"name": "invoice.create", "object_id": "1234567", "account_id": "6BApk", "business_id": "6543"},
        **{"identity_id": "1234", "user_id": "1"},
    }
    assert signature(fields, "scTestVerifier123") == "uKTvxbhSCP0A20pTcIRfn1/a24i2koe/PGoVEHqP6Lw="
    assert signature({"name": "é"}, "v") == signature({"name": "\u00e9"}, "v")


def test_a_callback_is_silent_until_verified(books: Books) -> None:
    made = register(books, "client.create")
    assert (made["verified"], made["event"], made["uri"]) == (False, "client.create", URI)
    asked = sent(books)[0]
    assert asked["object_id"] == str(made["callbackid"]) and asked["verifier"]
    books.client()
    assert sent(books) == []
    answer = callbacks(books, "PUT", made["callbackid"], verifier=asked["verifier"])
    assert plain(answer)["response"]["result"]["callback"]["verified"] is True
    client = books.client()
    assert [(fields["name"], fields["object_id"]) for fields in sent(books)] == [("client.create", str(client))]


def test_a_delivery_is_a_thin_form_signed_with_the_callbacks_own_code(books: Books) -> None:
    _, verifier = verified(books, "client")
    books.client()
    ((uri, body, headers),) = books.service.outbox
    fields = dict(parse_qsl(body.decode()))
    assert uri == URI
    assert [*fields] == ["name", "object_id", "account_id", "business_id", "identity_id", "user_id"]
    assert headers["X-FreshBooks-Hmac-SHA256"] == signature(fields, verifier)
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_noun_hears_all_its_verbs_and_an_event_only_itself(books: Books) -> None:
    verified(books, "invoice")
    verified(books, "payment.create")
    invoice = books.invoice()
    books.update("invoice", invoice["id"], action_mark_as_sent=True)
    payment = books.pay(invoice, "5.00")
    books.update("payment", payment["id"], note="x")
    expected = ["invoice.create", "invoice.update", "payment.create", "invoice.update", "invoice.update"]
    assert told(books) == expected


@pytest.mark.parametrize(
    ("switch", "names"),
    [
        ("delete", ["client.delete"]),
        ("update", ["client.update"]),
        ("both", ["client.delete", "client.update"]),
    ],
)
def test_as_what_a_soft_delete_is_told_is_a_switch(books: Books, switch: str, names: list[str]) -> None:
    books.service.switch["delete_event"] = switch
    client = books.client()
    verified(books, "client")
    books.update("client", client, vis_state=1)
    assert told(books) == names


def test_the_code_can_be_sent_again_and_a_wrong_one_is_refused(books: Books) -> None:
    id = register(books, "invoice")["callbackid"]
    first = sent(books)[0]["verifier"]
    assert callbacks(books, "PUT", id, resend=True).status == 200
    assert sent(books)[0]["verifier"] == first
    refused = callbacks(books, "PUT", id, verifier="wrong")
    assert (refused.status, plain(refused)["errno"]) == (422, 422)


@pytest.mark.parametrize("reverify", [True, False])
def test_a_new_address_may_have_to_be_verified_again(books: Books, reverify: bool) -> None:
    books.service.switch["reverify"] = reverify
    id, _ = verified(books, "client")
    moved = plain(callbacks(books, "PUT", id, uri=URI + "new"))["response"]["result"]["callback"]
    assert moved["verified"] is not reverify
    assert len(sent(books)) == (1 if reverify else 0)


def test_callbacks_are_listed_found_and_deleted(books: Books) -> None:
    first, second = register(books, "invoice.create"), register(books, "payment")

    def listed(query: str = "") -> list[int]:
        found = plain(callbacks(books, "GET", query=query))["response"]["result"]
        assert found["per_page"] == 15
        return [row["callbackid"] for row in found["callbacks"]]

    assert listed() == [second["callbackid"], first["callbackid"]]
    assert listed("search[event]=invoice") == [first["callbackid"]]
    assert callbacks(books, "DELETE", first["callbackid"]).status == 204
    gone = callbacks(books, "GET", first["callbackid"])
    assert (gone.status, plain(gone)["message"]) == (404, "Requested resource could not be found.")


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"event": "invoice.paid", "uri": URI}, "event: Value error, Unrecognized event."),
        ({"event": "invoice", "uri": "hook"}, "uri: Input should be a valid URL, relative URL without a base"),
    ],
)
def test_a_bad_registration_is_explained(books: Books, fields: dict[str, str], detail: str) -> None:
    refused = callbacks(books, "POST", **fields)
    assert (refused.status, plain(refused)["details"]) == (422, [detail])


def test_deliveries_may_carry_more_than_is_documented(books: Books) -> None:
    books.service.switch["verified_field"] = True
    _, verifier = verified(books, "client")
    books.client()
    ((_, body, headers),) = books.service.outbox
    fields = dict(parse_qsl(body.decode()))
    assert fields["verified"] == verifier
    assert headers["X-FreshBooks-Hmac-SHA256"] == signature(fields, verifier)
