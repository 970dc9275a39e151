"""Tokens: twelve hours of access, and a refresh token that works once and dies as soon as the next one is made."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - nothing here is real
READ_ONLY = ("notifications", "profile", "reports")
WRITABLE = (
    *("bill_payments", "bill_vendors", "billable_items", "bills", "business", "clients", "credit_notes", "estimates"),
    *("expenses", "invoices", "journal_entries", "online_payments", "other_income", "payments", "projects"),
    *("retainers", "taxes", "teams", "time_entries"),
)
SCOPES = frozenset(
    [f"user:{name}:read" for name in (*READ_ONLY, *WRITABLE)] + [f"user:{name}:write" for name in WRITABLE]
)


@dataclass(frozen=True)
class Grant:
    """What was issued last: there is one valid refresh token per user and application."""

    access_token: str
    refresh_token: str
    created_at: int
    expires_in: int
    scopes: frozenset[str]

    @property
    def expires_at(self) -> int:
        return self.created_at + self.expires_in

    def answer(self) -> Mapping[str, Any]:
        return {
            "access_token": self.access_token,
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "created_at": self.created_at,
            "refresh_token": self.refresh_token,
            "scope": " ".join(sorted(self.scopes)),
        }


class Tokens:
    def __init__(self, switch: Mapping[str, Any]) -> None:
        self.switch = switch
        self._alive: dict[str, Grant] = {}
        self.last = self.issue(SCOPES)

    def issue(self, scopes: Iterable[str], *, lag: int = 0) -> Grant:
        """`lag`: a refresh may tell a `created_at` of the past, and the token ends that much earlier."""
        created = int(time.time()) - lag
        life = int(self.switch["token_life"])
        held = frozenset(scopes) | {"user:profile:read"}
        grant = Grant(_jwt(created + life, held), secrets.token_hex(32), created, life, held)
        self._alive[grant.access_token] = grant
        self.last = grant
        return grant

    def refresh(self, refresh_token: str) -> Grant | None:
        """None where the token was spent or never existed."""
        old = self.last
        if not secrets.compare_digest(refresh_token.encode(), old.refresh_token.encode()):
            return None
        if self.switch["refresh_kills_access"]:
            self._alive.clear()
        return self.issue(old.scopes, lag=int(self.switch["created_at_lag"]))

    def revoke(self, token: str) -> None:
        self._alive.pop(token, None)

    def expire(self) -> None:
        """Every access token ends now, before its time."""
        self._alive.clear()

    def scopes_of(self, access_token: str) -> frozenset[str] | None:
        """None where the token is no longer any good."""
        grant = self._alive.get(access_token)
        return grant.scopes if grant and grant.expires_at > time.time() else None


def _jwt(expires: int, scopes: Iterable[str]) -> str:
    claims = {"exp": expires, "scope": " ".join(sorted(scopes)), "jti": secrets.token_hex(8)}
    parts = [json.dumps(one).encode() for one in ({"alg": "HS256", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, secrets.token_bytes(32)))
