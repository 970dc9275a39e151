"""Is an inbound request genuine? Either it carries our secret, or Adobe I/O has signed it.

Adobe signs with a key that it publishes under a path named in the request. Verifying makes no call, so a key that we
do not have yet is only noted; it is fetched by the next poll, which reads what those first requests were about.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connectors.base import Vault, Webhook
from connectors.documents import Raw
from connectors.errors import BadSignature
from connectors.http import Http

KEYS = "adobe_keys"
WANTED = "adobe_keys_wanted"
KEY_PATH = re.compile(r"(?=.{1,200}$)(?:/\w[\w.-]*)+\.pem")
KEPT = 8
"""Keys and wishes remembered at most, the newest last: strangers may name any path."""


def verify_secret(webhook: Webhook, secret: str) -> None:
    given = webhook.headers.get("x-webhook-secret", "")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise BadSignature("the secret header is missing or wrong")


def verify_adobe(webhook: Webhook, client_id: str, vault: Vault) -> None:
    """Valid if one of the two signatures is, over the raw body, and the event is addressed to us."""
    if not addressed_to(webhook.body, client_id):
        raise BadSignature("the event is addressed to another client")
    keys = stored_keys(vault)
    signed = list(_signatures(webhook.headers))
    if any(_genuine(webhook.body, signature, keys[path]) for path, signature in signed if path in keys):
        return
    unknown = [path for path, _ in signed if path not in keys and KEY_PATH.fullmatch(path)]
    _want(vault, unknown)
    raise BadSignature("no known key of Adobe I/O has signed this")


def addressed_to(body: bytes, client_id: str) -> bool:
    try:
        content = json.loads(body)
    except ValueError:
        return False
    events = content if isinstance(content, list) else [content]
    return bool(events) and all(
        isinstance(one, Mapping) and one.get("recipient_client_id") == client_id for one in events
    )


def stored_keys(vault: Vault) -> Raw:
    """Path → public key in PEM."""
    return dict(json.loads(vault.get(KEYS) or "{}"))


def fetch_wanted_keys(vault: Vault, publisher: Http) -> None:
    """Fetch what requests named since the last time. A path that leads nowhere is forgotten."""
    wanted = json.loads(vault.get(WANTED) or "[]")
    if not wanted:
        return
    answers = {path: publisher.send("GET", path) for path in wanted}
    keys = {**stored_keys(vault), **{path: answer.body.decode() for path, answer in answers.items() if answer.ok}}
    vault.put(**{KEYS: json.dumps(dict(list(keys.items())[-KEPT:])), WANTED: ""})


def _signatures(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    numbered = (
        (headers.get(f"x-adobe-public-key{n}-path"), headers.get(f"x-adobe-digital-signature-{n}")) for n in "12"
    )
    return [(path, signature) for path, signature in numbered if path and signature]


def _genuine(body: bytes, signature: str, pem: str) -> bool:
    try:
        key = serialization.load_pem_public_key(pem.encode())
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(base64.b64decode(signature, validate=True), body, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _want(vault: Vault, paths: list[str]) -> None:
    wanted = json.loads(vault.get(WANTED) or "[]")
    if set(paths) - set(wanted):
        vault.put(**{WANTED: json.dumps([*dict.fromkeys([*wanted, *paths])][-KEPT:])})
