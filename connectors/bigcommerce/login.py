"""A private app instead of an API account: the store's owner installs it, and BigCommerce sends their browser, and later
requests of its own, to our callbacks. Each proves itself: a code that BigCommerce trades for a token, or a signed token."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256, sha512
from typing import Any

from connectors.base import Connector, Visited
from connectors.bigcommerce.reading import record, text
from connectors.bigcommerce.settings_form import token_url
from connectors.documents import Raw
from connectors.errors import BadSignature, NeedsLogin, RetryLater

DIGESTS = {"HS256": sha256, "HS512": sha512}
LEEWAY = 300
"""Seconds that the two clocks may differ by."""


def visited(connector: Connector, visit: str, query: Mapping[str, str], uri: str) -> Visited:
    if visit == "auth":
        _install(connector, query, uri)
        return Visited("The app is installed, and the store is connected. You can close this page.", logged_in=True)
    claims = verified(connector, query.get("signed_payload_jwt", ""))
    if visit == "load":
        return Visited("The store is connected. Open the hub's own address to work with it.")
    if visit == "uninstall":
        connector.vault.put(access_token="")
        return Visited("The app is uninstalled; its token is forgotten.")
    return Visited(f"{text(record(claims.get('user')).get('email')) or 'The user'} was removed in BigCommerce.")


def verified(connector: Connector, token: str) -> Raw:
    """The claims of a token that BigCommerce has signed for this app and this store. Its `nbf` may lie a little ahead."""
    client_id, secret = str(connector.settings.get("client_id") or ""), connector.vault.get("client_secret")
    signed, _, given = token.rpartition(".")
    head, _, payload = signed.partition(".")
    digest = DIGESTS.get(text(_part(head).get("alg")))
    if not secret or not client_id or digest is None:
        raise BadSignature("the visit bears no signature that we can check")
    wanted = hmac.new(secret.encode(), signed.encode(), digest).digest()
    if not hmac.compare_digest(_decoded(given), wanted):
        raise BadSignature("the signature does not match the client secret")
    claims, now = _part(payload), connector.now().timestamp()
    if claims.get("aud") != client_id or claims.get("sub") != _context(connector):
        raise BadSignature("the visit is meant for another app or another store")
    if not _number(claims, "nbf") - LEEWAY <= now <= _number(claims, "exp") + LEEWAY:
        raise BadSignature("the visit's signature is not valid now")
    return claims


def _install(connector: Connector, query: Mapping[str, str], uri: str) -> None:
    """The code is BigCommerce's proof; whoever brings one of another store is refused before it is asked."""
    if query.get("context") != _context(connector) or not query.get("code"):
        raise BadSignature("the visit is meant for another store")
    answer = connector.http(token_url(connector.settings)).send(
        "POST",
        token_url(connector.settings),
        body={
            "client_id": connector.settings.get("client_id") or "",
            "client_secret": connector.vault.get("client_secret"),
            "code": query["code"],
            "context": query["context"],
            "scope": query.get("scope", ""),
            "grant_type": "authorization_code",
            "redirect_uri": uri,
        },
        kind="login",
        safe=True,
    )
    if not answer.ok:
        raise NeedsLogin(
            "BigCommerce refused the installation: check the client ID and secret, then open the app again"
        )
    granted = record(answer.json())
    if not granted.get("access_token"):
        raise RetryLater("BigCommerce gave no token; open the app again", code="no_token")
    if granted.get("context") != _context(connector):
        raise BadSignature("the token is one of another store")
    connector.vault.put(access_token=str(granted["access_token"]))


def _context(connector: Connector) -> str:
    return f"stores/{connector.settings['store_hash']}"


def _part(encoded: str) -> Raw:
    try:
        return record(json.loads(_decoded(encoded)))
    except ValueError:
        return {}


def _decoded(encoded: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except ValueError:
        return b""


def _number(claims: Mapping[str, Any], name: str) -> float:
    found = claims.get(name)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else 0.0
