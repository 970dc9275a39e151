"""OAuth 1.0a as the shop verifies it, its three traps included."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from connectors.magento.sandbox.refusals import invalid, required, unauthorized

REQUIRED = ("consumer_key", "token", "signature_method", "signature", "timestamp", "nonce")
DIGESTS: Mapping[str, Callable[..., object]] = {"HMAC-SHA256": hashlib.sha256, "HMAC-SHA1": hashlib.sha1}
TOKEN_LENGTH = 32
AHEAD = 600
"""Seconds that a timestamp may be in the future; the past is not limited."""


@dataclass(frozen=True)
class Consumer:
    key: str
    secret: str
    token: str
    token_secret: str


class Verifier:
    """Remembers nonces: each may be used once."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer
        self._nonces: set[str] = set()

    def verify(
        self, header: str, method: str, urls: Iterable[str], query: str, methods: Iterable[str], now: float = 0.0
    ) -> None:
        """`urls` are the spellings of the address that count as signed. Raises Refused (400 or 401)."""
        given = read_header(header)
        for name in REQUIRED:
            if not given.get(f"oauth_{name}"):
                raise required(f"oauth_{name}")
        self._check_parties(given)
        self._check_nonce(given, now or time.time())
        algorithm = given["oauth_signature_method"]
        if algorithm not in methods:
            raise invalid("Signature method %1 is not supported", [algorithm])
        wanted = [signature(method, url, query, given, self.consumer) for url in urls]
        if not any(hmac.compare_digest(one, given["oauth_signature"]) for one in wanted):
            raise unauthorized("The signature is invalid. Verify and try again.")

    def _check_parties(self, given: Mapping[str, str]) -> None:
        if given.get("oauth_version", "1.0") != "1.0":
            raise invalid("The OAuth version %1 is not supported.", [given["oauth_version"]])
        if given["oauth_consumer_key"] != self.consumer.key:
            raise unauthorized("A consumer having the specified key does not exist")
        if len(given["oauth_token"]) != TOKEN_LENGTH:
            raise invalid("The token length is invalid. Check the length and try again.")
        if given["oauth_token"] != self.consumer.token:
            raise unauthorized("Specified token does not exist")

    def _check_nonce(self, given: Mapping[str, str], now: float) -> None:
        stamp, nonce = given["oauth_timestamp"], given["oauth_nonce"]
        if not stamp.isdigit() or not 0 < int(stamp) <= now + AHEAD or nonce in self._nonces:
            raise unauthorized("An error occurred validating the nonce")
        self._nonces.add(nonce)


def read_header(header: str) -> dict[str, str]:
    """Split on commas, then on the first equals sign; values percent-decoded, quotes trimmed."""
    pairs = (part.split("=", 1) for part in header.removeprefix("OAuth").split(",") if "=" in part)
    return {name.strip(): unquote(value.strip().strip('"')) for name, value in pairs}


def signature(method: str, url: str, query: str, given: Mapping[str, str], consumer: Consumer) -> str:
    oauth = [(name, value) for name, value in given.items() if name.startswith("oauth_") and name != "oauth_signature"]
    base = "&".join((method.upper(), _enc(url), _enc(_parameters([*oauth, *_query(query)]))))
    key = f"{_enc(consumer.secret)}&{_enc(consumer.token_secret)}"
    digest = DIGESTS.get(given["oauth_signature_method"], hashlib.sha256)
    return base64.b64encode(hmac.new(key.encode(), base.encode(), digest).digest()).decode()  # type: ignore[arg-type]


def _query(raw: str) -> list[tuple[str, str]]:
    """A plus stays a plus; a pair without exactly one equals sign is not signed."""
    pairs = (pair.split("=") for pair in raw.split("&"))
    return [(unquote(pair[0]), unquote(pair[1])) for pair in pairs if len(pair) == 2]


def _parameters(pairs: Iterable[tuple[str, str]]) -> str:
    """Sorted in natural order of the encoded names: [10] comes after [2]."""
    encoded = sorted(
        ((_enc(name), _enc(value)) for name, value in pairs), key=lambda pair: (_natural(pair[0]), pair[1])
    )
    return "&".join(f"{name}={value}" for name, value in encoded)


def _natural(text: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", text) if part]


def _enc(text: str) -> str:
    return quote(text, safe="-._~")
