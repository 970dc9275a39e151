"""Is an inbound request genuine? The hooks we make carry our secret in a header; and where BigCommerce signs by the rules
of Standard Webhooks, the signature must be right too."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import re
from hashlib import sha256

from connectors.base import Vault, Webhook
from connectors.bigcommerce.webhooks import content
from connectors.errors import BadSignature

SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - a header's name
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PRODUCER = re.compile(r"stores/(\w+)")
TOLERANCE = 300
"""Seconds that the sender's clock may differ from ours."""


def verify(webhook: Webhook, vault: Vault, *, store_hash: str, now: dt.datetime) -> None:
    secret, client_secret = vault.get("webhook_secret"), vault.get("client_secret")
    signed = SIGNATURE in webhook.headers
    if secret:
        _require_secret(webhook, secret)
    if signed and client_secret:
        _require_signature(webhook, client_secret, webhook.received_at or now)
    elif not secret:
        raise BadSignature("neither our secret nor a signature that we can check")
    _require_our_store(webhook, store_hash)


def signature(client_secret: str, id: str, timestamp: str, body: bytes) -> str:
    """The key is the client secret's own bytes: no prefix is taken off, nothing is decoded."""
    content = f"{id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(client_secret.encode(), content, sha256).digest()).decode()


def _require_secret(webhook: Webhook, secret: str) -> None:
    given = webhook.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(given.encode(), secret.encode()):
        raise BadSignature("the secret header is missing or wrong")


def _require_signature(webhook: Webhook, client_secret: str, now: dt.datetime) -> None:
    id, timestamp = webhook.headers.get(ID, ""), webhook.headers.get(TIMESTAMP, "")
    if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp)) > TOLERANCE:
        raise BadSignature("the signature's time is missing or too far from now")
    wanted = signature(client_secret, id, timestamp, webhook.body).encode()
    given = [one.removeprefix("v1,") for one in webhook.headers[SIGNATURE].split() if one.startswith("v1,")]
    if not any(hmac.compare_digest(one.encode(), wanted) for one in given):
        raise BadSignature("the signature does not match the client secret")


def _require_our_store(webhook: Webhook, store_hash: str) -> None:
    named = PRODUCER.fullmatch(str(content(webhook.body).get("producer") or ""))
    if named and named[1] != store_hash:
        raise BadSignature("the request speaks of another store")
