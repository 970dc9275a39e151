"""What comes in: nothing unsigned is trusted, nothing malformed is understood, and the vendor's own is."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from connectors.base import Webhook
from connectors.errors import BadSignature
from tests.connectors.contract.subjects import Subject, every_connector_that

NOWHERE = {"url": "http://127.0.0.1:9/", "hold": True}
JUNK = (
    b"", b" ", b"{", b"[]", b"{}", b"null", b"1", b'"order"', b"[1]", b"[null]", b"\xff\xfe\x00", b"a=b&a", b"<a/>",
    b'{"id": null}', b'{"event": 1}', b'{"data": []}', b'{"event": {"data": {"value": null}}}', b"name=&object_id=",
)  # fmt: skip
hooked = every_connector_that(lambda connector: connector.offers("verify"))


@hooked
@pytest.mark.parametrize("body", [*JUNK, b'{"id": 1, "order_id": 1, "entity_id": 1}', b"object_id=1"], ids=repr)
def test_an_unsigned_request_is_refused(kind: str, body: bytes, subject: Subject) -> None:
    _, connector = subject(kind)
    for headers in ({}, {"content-type": "application/json", "authorization": "Bearer x"}):
        with pytest.raises(BadSignature):
            connector.verify(Webhook(body, headers))


@hooked
def test_without_a_stored_secret_nothing_is_genuine(kind: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    sandbox.hook = dict(NOWHERE)
    sandbox.place({})
    connector.vault.put(**dict.fromkeys(sandbox.connection_settings(), ""))
    for _, body, headers in sandbox.outbox:
        for forged in (headers, *(dict.fromkeys(headers, sign) for sign in signed_with_nothing(body))):
            with pytest.raises(BadSignature):
                connector.verify(arrived(body, forged))


@hooked
@pytest.mark.parametrize("body", JUNK, ids=repr)
def test_junk_names_no_record(kind: str, body: bytes, subject: Subject) -> None:
    try:
        found = [*subject(kind)[1].read_notices(Webhook(body, {}))]
    except (ValueError, KeyError, TypeError):
        return
    assert found == []


@hooked
def test_the_vendors_own_request_names_a_record_and_bare_of_its_headers_is_refused(kind: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    sandbox.hook = dict(NOWHERE)
    sandbox.place({})
    if not sandbox.outbox:
        pytest.skip("it sends webhooks only after a registration")
    for _, body, headers in sandbox.outbox:
        connector.verify(arrived(body, headers))
        notices = [*connector.read_notices(arrived(body, headers))]
        assert notices and all((one.id or one.lookup) and one.resource in connector.resources for one in notices)
        with pytest.raises(BadSignature):
            connector.verify(arrived(body, {}))


def signed_with_nothing(body: bytes) -> list[str]:
    """What anybody can send who guesses that no secret is set."""
    digest = hmac.new(b"", body, hashlib.sha256).digest()
    return ["", digest.hex(), base64.b64encode(digest).decode()]


def arrived(body: bytes, headers: dict[str, str]) -> Webhook:
    return Webhook(body, {name.lower(): value for name, value in headers.items()})
