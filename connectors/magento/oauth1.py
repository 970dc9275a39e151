"""OAuth 1.0a as Magento checks it: HMAC-SHA256, in the Authorization header, over the raw query.

JSON bodies are not signed. Magento decodes the query with rawurldecode, so the query must be sent with %20 for a
space; and it sorts keys in natural order, so list indexes stay within 0-9 (laminas-oauth, 2.4.6).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

Pairs = Iterable[tuple[str, str]]
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Keys:
    """The four strings of an integration."""

    consumer_key: str
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


def encoded(value: str) -> str:
    return quote(value, safe="~")


def authorization(keys: Keys, method: str, url: str, query: Pairs, *, nonce: str, timestamp: int) -> str:
    """The header's value for one call. `url` is without its query; `nonce` must never be used twice."""
    oauth = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(timestamp),
        "oauth_token": keys.access_token,
        "oauth_version": "1.0",
    }
    signed = {**oauth, "oauth_signature": signature(keys, method, url, [*oauth.items(), *query])}
    return "OAuth " + ", ".join(f'{name}="{encoded(value)}"' for name, value in sorted(signed.items()))


def signature(keys: Keys, method: str, url: str, parameters: Pairs) -> str:
    pairs = sorted((encoded(name), encoded(value)) for name, value in parameters)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method.upper(), encoded(_address(url)), encoded(joined)))
    secret = f"{encoded(keys.consumer_secret)}&{encoded(keys.access_token_secret)}"
    return base64.b64encode(hmac.new(secret.encode(), base.encode(), hashlib.sha256).digest()).decode()


def _address(url: str) -> str:
    """Scheme and host in lower case, the path as it is sent, a default port left out."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
