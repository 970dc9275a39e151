"""Webhooks: the exact signature, one secret per callback, and a handshake that proves nothing by itself."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
import responses

from connectors.base import Notice, Webhook
from connectors.errors import BadSignature, Rejected
from connectors.freshbooks import callbacks, webhooks
from connectors.freshbooks.client import Api
from connectors.freshbooks.connector import FreshBooks
from tests.connectors.freshbooks.conftest import API, Recorded
from tests.connectors.vaults import MemoryVault

FIELDS = {
    "name": "invoice.create",
    "object_id": "1234567",
    "account_id": "6BApk",
    "business_id": "6543",
    "identity_id": "1234",
    "user_id": "1",
}
SIGNED = "uKTvxbhSCP0A20pTcIRfn1/a24i2koe/PGoVEHqP6Lw="
URI = "https://hub.example.org/webhooks/books/"


def posted(fields: dict[str, str], signature: str = "") -> Webhook:
    return Webhook(urlencode(fields).encode(), {"x-freshbooks-hmac-sha256": signature})


def handshake(verifier: str = "our-verifier") -> Webhook:
    return posted({"name": "callback.verify", "object_id": "2001", "account_id": "aB3dE9", "verifier": verifier})


@pytest.fixture
def confirmed(vault: MemoryVault) -> None:
    vault.put(**{"callbacks": "2001 2002", "verifier:2001": "another", "verifier:2002": "scTestVerifier123"})


def test_a_genuine_delivery_is_a_notice(books: FreshBooks, confirmed: None) -> None:
    books.verify(posted(FIELDS, SIGNED))
    assert list(books.read_notices(posted(FIELDS, SIGNED))) == [Notice("invoice", "1234567")]


@pytest.mark.parametrize("signature", ["", "uKTvxbhSCP0A20pTcIRfn1/a24i2koe/PGoVEHqP6Lw", "ö"])
def test_any_other_signature_is_refused(books: FreshBooks, confirmed: None, signature: str) -> None:
    with pytest.raises(BadSignature):
        books.verify(posted(FIELDS, signature))


def test_the_order_of_the_fields_is_signed_too(books: FreshBooks, confirmed: None) -> None:
    with pytest.raises(BadSignature):
        books.verify(posted(dict(reversed(FIELDS.items())), SIGNED))


def test_unknown_fields_odd_characters_and_empty_values_are_signed_as_received(
    books: FreshBooks, confirmed: None
) -> None:
    fields = {**FIELDS, "verified": "", "note": 'ü: "x", y'}
    signature = webhooks.signature(fields, "scTestVerifier123").decode()
    books.verify(posted(fields, signature))


def test_without_any_confirmed_callback_nothing_is_genuine(books: FreshBooks) -> None:
    with pytest.raises(BadSignature):
        books.verify(posted(FIELDS, SIGNED))


def test_a_body_that_names_nothing_is_refused(books: FreshBooks, confirmed: None) -> None:
    with pytest.raises(BadSignature):
        books.verify(Webhook(b"\xff\xfe", {}))


@pytest.mark.parametrize("name", ["project.update", "invoice_profile", ""])
def test_what_we_do_not_keep_is_not_our_business(books: FreshBooks, name: str) -> None:
    assert list(books.read_notices(posted({**FIELDS, "name": name}))) == []


def test_a_handshake_that_nobody_asked_for_is_refused(books: FreshBooks) -> None:
    with pytest.raises(BadSignature):
        books.verify(handshake())


def test_a_registration_is_confirmed_before_its_secret_is_trusted(
    books: FreshBooks, vault: MemoryVault, recorded: Recorded
) -> None:
    recorded("callback-create", "callback-verify")
    assert callbacks.register(Api(books), vault, "invoice", URI) == "2001"
    books.verify(handshake())
    assert list(books.read_notices(handshake())) == [Notice("callback", "2001")]
    assert callbacks.verifiers(vault) == []

    callbacks.confirm(Api(books), vault, "2001", "our-verifier")
    assert callbacks.verifiers(vault) == ["our-verifier"]
    with pytest.raises(BadSignature):
        books.verify(handshake())


def test_a_secret_that_freshbooks_does_not_confirm_is_not_kept(
    books: FreshBooks, vault: MemoryVault, recorded: Recorded
) -> None:
    vault.put(registering="invoice")
    recorded("callback-verify-refused")
    with pytest.raises(Rejected, match="does not match"):
        callbacks.confirm(Api(books), vault, "2001", "guess")
    recorded("callback-verify", body={"response": {"result": {"callback": {"callbackid": 2001, "verified": False}}}})
    with pytest.raises(Rejected, match="did not verify"):
        callbacks.confirm(Api(books), vault, "2001", "our-verifier")
    assert callbacks.verifiers(vault) == []
    assert callbacks.pending(vault)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"response": {}}', b'{"response": {"result": {}}}'])
def test_a_callback_is_deleted_whatever_the_answer_says_besides(books: FreshBooks, body: bytes) -> None:
    with responses.RequestsMock() as mock:
        mock.add("DELETE", f"{API}/events/account/aB3dE9/events/callbacks/2001", status=200, body=body)
        callbacks.delete(Api(books), "2001")


def test_a_callback_whose_deliveries_nobody_would_trust_is_not_known(vault: MemoryVault) -> None:
    vault.put(**{"verifier:2001": "our-verifier"})
    assert not callbacks.knows(vault, "2001")
    vault.put(callbacks="2001")
    assert callbacks.knows(vault, "2001")
