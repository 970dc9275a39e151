"""Webhooks: a small JSON body with a secret header, or the vendor's cloud events with two RSA signatures."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.magento.sandbox.money import number
from connectors.magento.sandbox.tables import Row

SECRET = "magento-sandbox-secret"  # noqa: S105 - known to everybody
ADOBE_CLIENT = "sandbox00000000000000000client01"
KEY_PATHS = ("/prod/keys/pub-key-sandbox-1.pem", "/prod/keys/pub-key-sandbox-2.pem")
EVENT_TYPES = {
    "order": "sales_order_save_commit_after",
    "invoice": "sales_order_invoice_save_after",
    "creditmemo": "sales_order_creditmemo_save_after",
    "customer": "customer_save_commit_after",
    "product": "catalog_product_save_commit_after",
}
Request = tuple[bytes, dict[str, str]]
"""Body and headers."""


def plain_hook(event: str, row: Row, hook: Mapping[str, Any]) -> Request:
    """As a merchant would write the template. An invoice rings for its order."""
    body = _named(event, row)
    headers = {"Content-Type": "application/json", "X-Webhook-Secret": str(hook.get("secret") or SECRET)}
    return json.dumps(body).encode(), headers


def _named(event: str, row: Row) -> Row:
    if event == "invoice":
        return {"event": "order", "entity_id": row["order_id"]}
    if event == "creditmemo":
        return {"event": event, "entity_id": row["entity_id"], "order_id": row["order_id"]}
    if event == "order":
        return {"event": event, "entity_id": row["entity_id"], "increment_id": row["increment_id"]}
    return {"event": event, "entity_id": row["id"], **({"sku": row["sku"]} if event == "product" else {})}


def cloud_event(event: str, row: Row, hook: Mapping[str, Any], time: str) -> Request:
    """Signed over the raw body; valid if either signature fits and the client id is the receiver's."""
    client = str(hook.get("client_id") or ADOBE_CLIENT)
    id = str(uuid.uuid4())
    told = {
        "specversion": "1.0",
        "id": id,
        "source": "urn:uuid:5a0db0c5-0000-4000-8000-000000000001",
        "type": f"com.adobe.commerce.observer.{EVENT_TYPES[event]}",
        "datacontenttype": "application/json",
        "time": time,
        "event_id": id,
        "recipient_client_id": client,
        "data": {
            "key": str(uuid.uuid4()),
            "value": _values(event, row),
            "source": "sandbox.stage",
            "_metadata": METADATA,
        },
    }
    body = json.dumps(told).encode()
    signed = {f"x-adobe-digital-signature-{n}": _signature(path, body) for n, path in enumerate(KEY_PATHS, 1)}
    paths = {f"x-adobe-public-key{n}-path": path for n, path in enumerate(KEY_PATHS, 1)}
    return body, {"Content-Type": "application/json", **signed, **paths}


METADATA = {"commerceEdition": "Adobe Commerce", "commerceVersion": "2.4.6", "storeId": "1", "websiteId": "1"}
FIELDS = ("entity_id", "id", "order_id", "increment_id", "sku", "email", "state", "status", "updated_at", "grand_total")


def _values(event: str, row: Row) -> Row:
    """The chosen fields, numbers as text."""
    named = {"entity_id": row["id"]} if event in ("customer", "product") else {}
    return named | {
        name: str(json.loads(json.dumps(row[name], default=number))) for name in FIELDS if row.get(name) is not None
    }


@cache
def _key(path: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _signature(path: str, body: bytes) -> str:
    return base64.b64encode(_key(path).sign(body, PKCS1v15(), SHA256())).decode()


def public_key(path: str) -> bytes:
    """PEM, as the vendor's key server gives it out."""
    return _key(path).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
