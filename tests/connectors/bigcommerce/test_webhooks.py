"""Webhooks in: our secret, the vendor's signature, and ids that stand in unexpected places."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from connectors.base import Webhook
from connectors.bigcommerce import signatures, webhooks
from connectors.errors import BadSignature
from tests.connectors.vaults import MemoryVault

CLIENT_SECRET, ID, STAMP = "2f8c1bd0c6b64f3fa1d5b7a19f2e77aa", "evt_0001", "1700000000"
BODY = (
    b'{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},'
    b'"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335,"producer":"stores/abc123"}'
)
SIGNATURE = "v1,5j6XkuFI8j8AoWDHvrDuTBOwLw3uqN4FMALzFQGCiSo="
NOW = dt.datetime.fromtimestamp(int(STAMP) + 10, dt.UTC)
SIGNED = {"webhook-id": ID, "webhook-timestamp": STAMP, "webhook-signature": SIGNATURE}
OURS = {"x-webhook-secret": "s3cret"}


def verify(headers: dict[str, str], body: bytes = BODY, now: dt.datetime = NOW, **secrets: str) -> None:
    vault = MemoryVault(**(secrets or {"webhook_secret": "s3cret", "client_secret": CLIENT_SECRET}))
    signatures.verify(Webhook(body, headers), vault, store_hash="abc123", now=now)


def test_the_sheets_own_signature_is_right() -> None:
    assert f"v1,{signatures.signature(CLIENT_SECRET, ID, STAMP, BODY)}" == SIGNATURE


@pytest.mark.parametrize(
    "headers", [OURS, OURS | SIGNED, OURS | SIGNED | {"webhook-signature": f"v1,AAAA {SIGNATURE}"}]
)
def test_our_secret_is_enough_and_a_signature_beside_it_must_be_right(headers: dict[str, str]) -> None:
    verify(headers)


def test_without_a_secret_of_ours_the_signature_alone_decides() -> None:
    verify(SIGNED, client_secret=CLIENT_SECRET)


@pytest.mark.parametrize(
    "headers",
    [
        {}, SIGNED, {"x-webhook-secret": "other"}, OURS | SIGNED | {"webhook-signature": "v1,AAAA"},
        OURS | SIGNED | {"webhook-id": "evt_0002"}, OURS | SIGNED | {"webhook-timestamp": "1700000001"},
        OURS | SIGNED | {"webhook-timestamp": "soon"}, OURS | SIGNED | {"webhook-signature": SIGNATURE[3:]},
    ],
)  # fmt: skip
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify(headers)


@pytest.mark.parametrize("late", [-301, 301])
def test_an_old_signature_is_refused(late: int) -> None:
    with pytest.raises(BadSignature, match="time"):
        verify(OURS | SIGNED, now=dt.datetime.fromtimestamp(int(STAMP) + late, dt.UTC))


def test_a_delivery_for_another_store_is_refused() -> None:
    with pytest.raises(BadSignature, match="another store"):
        verify(OURS, BODY.replace(b"stores/abc123", b"stores/xyz789"))


def test_an_example_that_names_no_store_is_let_in() -> None:
    verify(OURS, BODY.replace(b"stores/abc123", b"stores/{store_hash}"))


def told(scope: str, data: dict[str, Any], **headers: str) -> list[tuple[str, str]]:
    body = json.dumps({"scope": scope, "data": data, "created_at": 1561479335}).encode()
    return [(one.resource, one.id) for one in webhooks.notices(Webhook(body, headers))]


@pytest.mark.parametrize(
    ("scope", "data", "expected"),
    [
        ("store/order/updated", {"type": "order", "id": 250}, [("order", "250")]),
        ("store/order/statusUpdated", {"type": "order", "id": 250}, [("order", "250")]),
        ("store/order/refund/created", {"type": "order", "id": 250, "refund": {"refund_id": 3}}, [("order", "250")]),
        ("store/order/transaction/created", {"order_id": "250", "transaction_id": "17"}, [("order", "250")]),
        ("store/channel/12/order/updated", {"order_id": 127}, [("order", "127")]),
        ("store/customer/address/updated", {"id": 60, "address": {"customer_id": 32}}, [("customer", "32")]),
        ("store/sku/updated", {"id": 9, "sku": {"product_id": 206, "variant_id": 5}}, [("product", "206")]),
        ("store/order/metafield/created", {"metafield_id": 14, "resource_id": "270"}, []),
        ("store/hook/deliveryException", {"type": "webhook", "id": 9, "error_code": 90001}, []),
        ("store/app/uninstalled", {}, []),
        ("store/order/updated", {"id": None}, []),
        ("store/order/updated", {"id": {"nested": 1}}, []),
        ("store/customer/address/updated", {"id": 60, "address": 32}, []),
    ],
)
def test_each_event_names_its_record(scope: str, data: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(scope, data) == expected


def test_the_vendors_delivery_id_is_kept_and_the_hash_is_not_one() -> None:
    [signed] = webhooks.notices(Webhook(BODY, {"webhook-id": ID}))
    [bare] = webhooks.notices(Webhook(BODY, {}))
    assert (signed.delivery_id, bare.delivery_id) == (ID, "")
    assert signed.changed_at == dt.datetime.fromtimestamp(1561479335, dt.UTC)
