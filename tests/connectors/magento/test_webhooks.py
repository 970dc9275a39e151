"""Which records a webhook names, and who may send one."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connectors.base import Notice, Webhook
from connectors.errors import BadSignature
from connectors.http import Answer, Http, NoBudget
from connectors.magento import signatures
from connectors.magento.connector import MagentoConnector
from tests.connectors.vaults import MemoryVault

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
KEY_PATH = "/prod/keys/pub-key-one.pem"


def shop(vault: MemoryVault | None = None, **settings: Any) -> MagentoConnector:
    vault = vault or MemoryVault(webhook_secret="hush")
    return MagentoConnector({"base_url": "https://shop.example.com", **settings}, vault, NoBudget())


def read(body: Any) -> list[Notice]:
    return list(shop().read_notices(Webhook(json.dumps(body).encode(), {})))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"entity_id": 12}, Notice("order", id="12")),
        ({"entity_id": "12", "event": "order", "increment_id": "000000013"}, Notice("order", id="12")),
        ({"order_id": 12}, Notice("order", id="12")),
        ({"increment_id": "000000013"}, Notice("order", lookup="increment_id=000000013")),
        ({"event": "customer", "entity_id": 7}, Notice("customer", id="7")),
        ({"event": "product", "entity_id": 68}, Notice("product", id="68")),
        ({"event": "product", "sku": "A/B"}, Notice("product", lookup="sku=A/B")),
        ({"event": "creditmemo", "entity_id": 91, "order_id": 12}, Notice("order", id="12")),
        ({"event": "creditmemo", "entity_id": 91}, Notice("order", lookup="creditmemo_id=91")),
        ({"event": "new_invoice", "entity_id": 501}, Notice("order", lookup="invoice_id=501")),
        ({"event": "new_order_comment", "entity_id": 3, "parent_id": 12}, Notice("order", id="12")),
    ],
)
def test_any_body_that_names_a_record_is_understood(body: Any, expected: Notice) -> None:
    assert read(body) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "x",
        12,
        None,
        {"event": "newsletter", "entity_id": 1},
        {"event": "order"},
        {"event": "customer_group", "entity_id": 1},
    ],
)
def test_what_names_no_record_of_ours_is_no_notice(body: Any) -> None:
    assert read(body) == []


def test_a_body_that_is_no_json_is_no_notice() -> None:
    assert list(shop().read_notices(Webhook(b"<xml>", {}))) == []


def event(type: str, value: dict[str, Any], id: str = "e-1") -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": id, "type": f"com.adobe.commerce.observer.{type}", "recipient_client_id": "us",
        "data": {"key": "k", "value": value},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("sales_order_save_commit_after", {"entity_id": "12", "grand_total": "1.000000"}, ("order", "12", "")),
        ("sales_order_invoice_save_after", {"entity_id": "501", "order_id": "12"}, ("order", "12", "")),
        ("sales_order_creditmemo_save_after", {"entity_id": "91"}, ("order", "", "creditmemo_id=91")),
        ("sales_order_status_history_save_after", {"entity_id": "5", "parent_id": "12"}, ("order", "12", "")),
        ("customer_save_commit_after", {"entity_id": "7"}, ("customer", "7", "")),
        ("customer_address_save_after", {"entity_id": "9", "parent_id": "7"}, ("customer", "7", "")),
        ("catalog_product_save_commit_after", {"sku": "eventtest1"}, ("product", "", "sku=eventtest1")),
    ],
)
def test_adobe_events_say_their_record_by_type(
    type: str, value: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    resource, id, lookup = expected
    assert read(event(type, value)) == [Notice(resource, id=id, lookup=lookup, delivery_id="e-1")]


def test_a_batch_of_adobe_events_is_read_whole() -> None:
    batch = [event("sales_order_save_commit_after", {"entity_id": str(id)}, id=f"e-{id}") for id in (1, 2)]
    assert [(one.id, one.delivery_id) for one in read(batch)] == [("1", "e-1"), ("2", "e-2")]


def test_the_documented_adobe_event_names_its_product(shared: Any) -> None:
    folder = shared / "vendors" / "magento" / "examples"
    found = [read(json.loads((folder / name).read_text())) for name in ("ext_debugging_0_cloudevent.json",)]
    assert [(one.resource, one.lookup) for one in found[0]] == [("product", "sku=eventtest1")]


def test_only_the_right_secret_opens() -> None:
    shop().verify(Webhook(b"{}", {"x-webhook-secret": "hush"}))
    for headers in ({}, {"x-webhook-secret": ""}, {"x-webhook-secret": "hushed"}, {"x-webhook-secret": "hüsh"}):
        with pytest.raises(BadSignature):
            shop().verify(Webhook(b"{}", headers))


def test_without_a_stored_secret_nothing_opens() -> None:
    with pytest.raises(BadSignature):
        shop(MemoryVault()).verify(Webhook(b"{}", {"x-webhook-secret": ""}))


def signed(body: bytes, number: str = "1", path: str = KEY_PATH) -> Webhook:
    signature = base64.b64encode(PRIVATE.sign(body, padding.PKCS1v15(), hashes.SHA256())).decode()
    return Webhook(body, {f"x-adobe-digital-signature-{number}": signature, f"x-adobe-public-key{number}-path": path})


def adobe(vault: MemoryVault, client: str = "us") -> MagentoConnector:
    return shop(vault, adobe_client_id=client)


@pytest.mark.parametrize("number", ["1", "2"])
def test_either_signature_of_a_known_key_opens(number: str) -> None:
    vault = MemoryVault(adobe_keys=json.dumps({KEY_PATH: PEM.decode()}))
    body = json.dumps(event("sales_order_save_commit_after", {"entity_id": "1"})).encode()
    adobe(vault).verify(signed(body, number))
    with pytest.raises(BadSignature):
        adobe(vault).verify(Webhook(body + b" ", signed(body, number).headers))
    with pytest.raises(BadSignature):
        adobe(vault, "somebody else").verify(signed(body, number))


def test_an_unknown_key_is_noted_and_fetched_by_the_next_poll() -> None:
    vault = MemoryVault()
    body = json.dumps(event("sales_order_save_commit_after", {"entity_id": "1"})).encode()
    with pytest.raises(BadSignature):
        adobe(vault).verify(signed(body))
    signatures.fetch_wanted_keys(vault, Publisher("https://keys.example.com"))
    adobe(vault).verify(signed(body))
    assert vault.get(signatures.WANTED) == ""


@pytest.mark.parametrize(
    "path", ["//evil.example.com/k.pem", "https://evil.example.com/k.pem", "/../k.pem", "/k.txt", "/k.pem?x=1"]
)
def test_no_path_leads_to_another_host(path: str) -> None:
    vault = MemoryVault()
    body = json.dumps(event("sales_order_save_commit_after", {})).encode()
    with pytest.raises(BadSignature):
        adobe(vault).verify(signed(body, path=path))
    assert vault.get(signatures.WANTED) == ""


class Publisher(Http):
    def send(self, method: str, path: str, **_: Any) -> Answer:
        return Answer(method, path, 200, {}, PEM)
