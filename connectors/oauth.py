"""Tokens that rotate: one holder of the lease refreshes, saves before use, and the others read the vault again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from connectors.base import Vault

EARLY = dt.timedelta(seconds=60)
"""A token is renewed this long before it ends."""


@dataclass(frozen=True)
class Tokens:
    """`expires_at` is an aware instant; None = the vendor does not say, so only a refusal tells."""

    access_token: str
    refresh_token: str = ""
    expires_at: dt.datetime | None = None


def stored(vault: Vault) -> Tokens:
    expires = vault.get("expires_at")
    return Tokens(
        vault.get("access_token"),
        vault.get("refresh_token"),
        dt.datetime.fromisoformat(expires) if expires else None,
    )


def save(vault: Vault, tokens: Tokens) -> None:
    vault.put(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at.isoformat() if tokens.expires_at else "",
    )


def fresh_token(
    vault: Vault, refresh: Callable[[Tokens], Tokens], *, now: dt.datetime, refused: str = ""
) -> str:
    """An access token that should work now.

    `refresh` asks the vendor for new tokens. `refused` is a token that the vendor has just turned away, whatever its
    date says. A kill between the vendor's answer and our save loses a single-use refresh token for good: the next
    refresh is then refused, and `refresh` raises NeedsLogin.
    """

    def usable(tokens: Tokens) -> bool:
        alive = tokens.expires_at is None or tokens.expires_at - EARLY > now
        return bool(tokens.access_token) and tokens.access_token != refused and alive

    tokens = stored(vault)
    while not usable(tokens):
        with vault.lease() as mine:
            tokens = stored(vault)  # somebody may have refreshed while we waited
            if mine and not usable(tokens):
                tokens = refresh(tokens)
                save(vault, tokens)
    return tokens.access_token
