"""Each style of signature, as its sender makes it; and nothing else is believed."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import pytest

from connectors.base import Webhook
from connectors.errors import BadSignature
from connectors.sandbox import Sandbox
from tests.connectors.clarity.sites import built, connected

BODY = b'{"id":"evt_1","type":"order.created","data":{"id":"ord_1"}}'
SECRET = "a secret that is no base64!"
KEY = base64.b64encode(b"0123456789abcdef").decode()
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def standard(key: bytes, *, at: dt.datetime = NOW, body: bytes = BODY, id: str = "evt_1") -> dict[str, str]:
    sent = str(int(at.timestamp()))
    digest = hmac.new(key, f"{id}.{sent}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id, "webhook-timestamp": sent, "webhook-signature": signature}


def genuine(
    headers: Mapping[str, str], query: Mapping[str, str] | None = None, body: bytes = BODY, **settings: Any
) -> bool:
    connector = built(**{"webhook_secret": SECRET, **settings})
    try:
        connector.verify(Webhook(body, headers, query or {}, NOW))
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize(
    ("secret", "key"), [(SECRET, SECRET.encode()), (f"whsec_{KEY}", b"0123456789abcdef"), (KEY, b"0123456789abcdef")]
)
def test_the_standard_signature_is_made_with_the_secret_or_with_what_it_encodes(secret: str, key: bytes) -> None:
    assert genuine(standard(key), webhook_secret=secret)
    assert not genuine(standard(b"another"), webhook_secret=secret)


def test_one_of_several_signatures_is_enough() -> None:
    good = standard(SECRET.encode())
    both = {**good, "webhook-signature": f"v1,{'A' * 44} v2,x {good['webhook-signature']}"}
    assert genuine(both)
    assert not genuine({**good, "webhook-signature": f"v1,{'A' * 44}"})


@pytest.mark.parametrize(("seconds", "good"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_what_is_too_old_or_from_the_future_is_refused(seconds: int, good: bool) -> None:
    assert genuine(standard(SECRET.encode(), at=NOW + dt.timedelta(seconds=seconds))) is good


def test_the_standard_signature_is_over_the_very_bytes_and_over_the_id() -> None:
    good = standard(SECRET.encode())
    assert not genuine(good, body=BODY.replace(b":", b": ", 1))
    assert not genuine({**good, "webhook-id": "evt_2"})
    assert not genuine({**good, "webhook-timestamp": "soon"})


def test_a_hex_digest_counts_with_and_without_its_prefix() -> None:
    digest = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
    style = {"signature": "hmac_hex"}
    assert genuine({"x-clarity-signature": f"sha256={digest}"}, **style)
    assert genuine({"x-signed": digest.upper()}, **style, signature_header="X-Signed")
    assert not genuine({"x-clarity-signature": f"sha256={digest[:-1]}0"}, **style)
    assert not genuine({"x-clarity-signature": f"sha256={digest}"}, **style, timestamp_header="X-Sent")
    sent = {"x-clarity-signature": digest, "x-sent": str(int(NOW.timestamp()))}
    assert genuine(sent, **style, timestamp_header="X-Sent")


def test_a_secret_in_a_header_is_compared_whole() -> None:
    style = {"signature": "shared_secret_header"}
    assert genuine({"x-clarity-secret": SECRET}, **style)
    assert not genuine({"x-clarity-secret": SECRET[:-1]}, **style)


def test_a_user_name_and_a_password_are_compared_whole() -> None:
    style = {"signature": "basic", "webhook_username": "clarity"}
    pair = base64.b64encode(f"clarity:{SECRET}".encode()).decode()
    assert genuine({"authorization": f"Basic {pair}"}, **style)
    assert not genuine({"authorization": f"Bearer {pair}"}, **style)
    assert not genuine({"authorization": f"Basic {base64.b64encode(b'clarity:').decode()}"}, **style)


@pytest.mark.parametrize(
    ("sender", "token", "good"),
    [
        ("203.0.113.7", SECRET, True),
        ("198.51.100.9", SECRET, True),
        ("203.0.113.8", SECRET, False),
        ("203.0.113.7", "guessed", False),
        ("", SECRET, False),
        ("somewhere", SECRET, False),
    ],
)
def test_where_nothing_is_signed_both_address_and_token_must_be_right(sender: str, token: str, good: bool) -> None:
    style = {"signature": "none", "allowed_ips": "203.0.113.7, 198.51.100.0/24"}
    assert genuine({"remote-addr": sender}, {"token": token}, **style) is good


@pytest.mark.parametrize("style", ["standard_webhooks", "hmac_hex", "shared_secret_header", "basic", "none"])
@pytest.mark.parametrize("payload", ["thin", "full"])
def test_what_a_site_sends_is_believed_and_names_its_record(site: Sandbox, style: str, payload: str) -> None:
    site.switch |= {"signature": style, "payload": payload}
    site.hook = {"url": "http://127.0.0.1:9/", "hold": True, "secret": f"whsec_{KEY}"}
    site.place({"kind": "simple", "seed": 1})
    more = {"signature": style, "webhook_username": "clarity-hooks", "allowed_ips": "127.0.0.1"}
    connector = connected(site, **more)
    assert site.outbox
    for url, body, headers in site.outbox:
        query = {"token": url.partition("token=")[2]} if "?" in url else {}
        sent = {**{name.lower(): value for name, value in headers.items()}, "remote-addr": "127.0.0.1"}
        connector.verify(Webhook(body, sent, query))
        for notice in connector.read_notices(Webhook(body, {})):
            thin_payment = payload == "thin" and b"payment." in body
            assert (notice.resource, notice.id) == ("order", "" if thin_payment else "ord_1001")
            assert notice.lookup == ("payment=pay_1" if thin_payment else "")
            assert notice.delivery_id.startswith("evt_")
