"""Webhooks out: plain with a secret, and signed cloud events."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from connectors.magento.sandbox import sandbox
from tests.connectors.magento.calling import ask


def ringing(**hook: Any) -> sandbox:
    shop = sandbox()
    shop.hook = {"url": "http://127.0.0.1:9/hook", "hold": True, **hook}
    return shop


def bodies(shop: sandbox) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body, _ in shop.outbox]


def test_without_an_address_nothing_is_queued() -> None:
    shop = sandbox()
    shop.place({})
    assert shop.outbox == []


def test_every_change_rings_for_its_record() -> None:
    shop = ringing(secret="s3cret")
    order = shop.place({"kind": "full_refund"})
    (memo,) = shop.shop.creditmemos
    id = order["entity_id"]
    assert bodies(shop) == [
        {"event": "order", "entity_id": id, "increment_id": order["increment_id"]},
        {"event": "order", "entity_id": id},
        {"event": "creditmemo", "entity_id": memo["entity_id"], "order_id": id},
    ]
    assert {headers["X-Webhook-Secret"] for _, _, headers in shop.outbox} == {"s3cret"}
    assert shop.connection_settings()["webhook_secret"] == "s3cret"


def test_our_own_comment_comes_back_as_an_echo() -> None:
    shop = ringing()
    id = shop.place({"kind": "unpaid"})["entity_id"]
    ask(shop, "POST", f"orders/{id}/comments", {"statusHistory": {"comment": "x", "status": "pending"}})
    assert [body["entity_id"] for body in bodies(shop)] == [id, id]


def test_customers_and_products_ring_too() -> None:
    shop = ringing()
    ask(shop, "PUT", "customers/2", {"customer": {"firstname": "A"}})
    ask(shop, "PUT", "products/MUG-01", {"product": {"price": 1}})
    assert bodies(shop) == [
        {"event": "customer", "entity_id": 2},
        {"event": "product", "entity_id": 1, "sku": "MUG-01"},
    ]


def test_a_cloud_event_is_signed_by_the_keys_that_are_served() -> None:
    shop = ringing(style="adobe", client_id="client-7")
    order = shop.place({"kind": "unpaid"})
    ((_, body, headers),) = shop.outbox
    event = json.loads(body)
    assert event["type"] == "com.adobe.commerce.observer.sales_order_save_commit_after"
    assert event["recipient_client_id"] == "client-7"
    assert event["data"]["value"]["entity_id"] == str(order["entity_id"])
    for place in (1, 2):
        served = ask(shop, "GET", headers[f"x-adobe-public-key{place}-path"], headers={}).encoded()
        key = load_pem_public_key(served)
        assert isinstance(key, RSAPublicKey)
        signature = base64.b64decode(headers[f"x-adobe-digital-signature-{place}"])
        key.verify(signature, body, PKCS1v15(), SHA256())
        with pytest.raises(InvalidSignature):
            key.verify(signature, body + b" ", PKCS1v15(), SHA256())
