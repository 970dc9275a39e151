"""Webhooks in: form-encoded and thin, signed with the secret of the callback that sent them.

Each callback has its own secret, the `verifier` of its handshake. It is kept, and trusted, only after FreshBooks has
confirmed a registration that we started (`callbacks.py`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Iterator
from urllib.parse import parse_qsl

from connectors.base import Notice, Vault, Webhook
from connectors.errors import BadSignature
from connectors.freshbooks.callbacks import confirm, pending, verifiers
from connectors.freshbooks.client import Api

SIGNATURE = "x-freshbooks-hmac-sha256"


def verify(webhook: Webhook, vault: Vault) -> None:
    """A handshake passes while we wait for one: it is the confirmation by FreshBooks that then proves it."""
    fields = _fields(webhook)
    if "object_id" not in fields:
        raise BadSignature("the request names no object")
    if is_handshake(webhook):
        if not pending(vault):
            raise BadSignature("a handshake that we did not ask for")
        return
    given = webhook.headers.get(SIGNATURE, "")
    if not any(hmac.compare_digest(given.encode(), signature(fields, secret)) for secret in verifiers(vault)):
        raise BadSignature("no callback of ours has signed the request")


def read_notices(webhook: Webhook, resources: Collection[str]) -> Iterator[Notice]:
    fields = _fields(webhook)
    resource = "callback" if is_handshake(webhook) else fields.get("name", "").partition(".")[0]
    if resource == "callback" or resource in resources:
        yield Notice(resource, fields["object_id"])


def shake_hands(webhook: Webhook, api: Api, vault: Vault) -> bool:
    if not is_handshake(webhook):
        return False
    fields = _fields(webhook)
    confirm(api, vault, fields["object_id"], fields["verifier"])
    return True


def is_handshake(webhook: Webhook) -> bool:
    """Known by its verifier: its `name` is told differently by different sources."""
    return "verifier" in _fields(webhook)


def signature(fields: dict[str, str], secret: str) -> bytes:
    """Over the fields as Python's `json.dumps` writes them: in the order received, every value text, ", " and ": "
    between, non-ASCII escaped."""
    digest = hmac.new(secret.encode(), json.dumps(fields).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest)


def _fields(webhook: Webhook) -> dict[str, str]:
    """Unknown fields too: they are signed like the rest."""
    return dict(parse_qsl(webhook.body.decode("utf-8", "replace"), keep_blank_values=True))
