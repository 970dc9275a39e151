"""Tokens that rotate: one holder of the lease refreshes, saves before use, and the others read the vault again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from connectors.base import Vault
from connectors.errors import NeedsLogin

EARLY = dt.timedelta(seconds=60)
"""A token is renewed this long before it ends."""


@dataclass(frozen=True)
class Tokens:
    """`expires_at` is an aware instant; None = the vendor does not say, so only a refusal tells."""

    access_token: str
    refresh_token: str = ""
    expires_at: dt.datetime | None = None

    def usable(self, now: dt.datetime, refused: str) -> bool:
        alive = self.expires_at is None or self.expires_at - EARLY > now
        return bool(self.access_token) and self.access_token != refused and alive


def instant(text: str) -> dt.datetime | None:
    """ISO text (UTC where it names no zone) or seconds since 1970. Raises ValueError."""
    if not text:
        return None
    if text.replace(".", "", 1).isdecimal():
        return dt.datetime.fromtimestamp(float(text), dt.UTC)
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def stored(vault: Vault) -> Tokens:
    return Tokens(vault.get("access_token"), vault.get("refresh_token"), instant(vault.get("expires_at")))


def save(vault: Vault, tokens: Tokens) -> None:
    vault.put(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at.isoformat() if tokens.expires_at else "",
    )


def fresh_token(vault: Vault, refresh: Callable[[Tokens], Tokens], *, now: dt.datetime, refused: str = "") -> str:
    """An access token that should work now.

    `refresh` asks the vendor for new tokens. `refused` is a token that the vendor has just turned away, whatever its
    date says. A kill between the vendor's answer and our save loses a single-use refresh token for good: the next
    refresh is then refused, and `refresh` raises NeedsLogin.
    """
    while True:
        tokens = stored(vault)
        if tokens.usable(now, refused):
            return tokens.access_token
        with vault.lease() as mine:
            tokens = stored(vault)  # somebody may have refreshed while we waited
            if mine and not tokens.usable(now, refused):
                return _renewed(vault, tokens, refresh)


def _renewed(vault: Vault, tokens: Tokens, refresh: Callable[[Tokens], Tokens]) -> str:
    """Not judged by its date: a token that the vendor has just given is the best there is."""
    try:
        new = refresh(tokens)
    except NeedsLogin:
        # A slow vendor may outlast our lease; then the next holder has spent this token and saved its successor.
        successor = stored(vault)
        if successor.refresh_token == tokens.refresh_token:
            raise
        return successor.access_token
    save(vault, replace(new, refresh_token=new.refresh_token or tokens.refresh_token))
    return new.access_token
