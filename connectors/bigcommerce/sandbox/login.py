"""Installing an app: the merchant agrees, the app's server trades a code for a token, and signed visits follow."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from connectors.bigcommerce.sandbox.access import CLIENT_ID, CLIENT_SECRET, Gate
from connectors.bigcommerce.sandbox.presenting import HASH
from connectors.sandbox import Call, Reply

CONTEXT = f"stores/{HASH}"
SCOPE = "store_v2_orders store_v2_transactions_read_only store_v2_customers_read_only store_v2_products_read_only"
OWNER = {"id": 1, "username": "owner", "email": "owner@example.com"}
NEEDED = ("client_id", "client_secret", "code", "context", "scope", "grant_type", "redirect_uri")


class Login:
    """Codes work once."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._codes: set[str] = set()

    def visit(self) -> str:
        """The query with which the browser comes to the app's auth callback."""
        code = secrets.token_urlsafe(12)
        self._codes.add(code)
        return urlencode({"account_uuid": "8d4d492f", "code": code, "context": CONTEXT, "scope": SCOPE})

    def token(self, call: Call) -> Reply:
        given = call.json() or {}
        ours = (given.get("client_id"), given.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        whole = all(given.get(name) for name in NEEDED) and given["context"] == CONTEXT
        if not ours or not whole or given["code"] not in self._codes:
            return Reply(400, {"error": "invalid_client" if not ours else "invalid_grant"})
        self._codes.discard(given["code"])
        token = secrets.token_hex(16)
        self._gate.tokens.add(token)
        told: dict[str, Any] = {"access_token": token, "scope": given["scope"], "context": CONTEXT}
        return Reply(body={**told, "user": OWNER, "owner": OWNER, "account_uuid": "8d4d492f"})


def signed_payload(client_secret: str = CLIENT_SECRET, **changed: Any) -> str:
    """The token of a load or uninstall visit. `nbf` lies five seconds before `iat`, as in the vendor's own example."""
    now = int(time.time())
    claims = {
        "aud": CLIENT_ID,
        "iss": "bc",
        "iat": now,
        "nbf": now - 5,
        "exp": now + 86_400,
        "jti": secrets.token_hex(8),
        "sub": CONTEXT,
        "user": {"id": 1, "email": OWNER["email"], "locale": "en"},
        "owner": {"id": 1, "email": OWNER["email"]},
        "url": "/",
        "channel_id": None,
        **changed,
    }
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    signed = f"{head}.{_encoded(json.dumps(claims).encode())}"
    return f"{signed}.{_encoded(hmac.new(client_secret.encode(), signed.encode(), sha256).digest())}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
