"""Tokens that rotate: refreshed once, saved before use, and asked for anew only when they are really lost."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest

from connectors.errors import NeedsLogin
from connectors.oauth import Tokens, fresh_token, instant, save, stored
from tests.connectors.vaults import MemoryVault

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


class Issuer:
    """A vendor whose refresh tokens work once."""

    def __init__(self) -> None:
        self.valid = "r0"
        self.issued = 0
        self.delay = 0.0

    def __call__(self, tokens: Tokens) -> Tokens:
        if tokens.refresh_token != self.valid:
            raise NeedsLogin("invalid_grant")
        self.issued += 1
        self.valid = f"r{self.issued}"
        time.sleep(self.delay)
        return Tokens(f"a{self.issued}", self.valid, NOW + HOUR)


def vault_with(expires_at: dt.datetime | None = None, **secrets: str) -> MemoryVault:
    vault = MemoryVault(access_token="a0", refresh_token="r0", **secrets)
    if expires_at:
        vault.put(expires_at=expires_at.isoformat())
    return vault


def test_a_token_with_life_left_is_used_without_a_call() -> None:
    issuer = Issuer()
    assert fresh_token(vault_with(NOW + HOUR), issuer, now=NOW) == "a0"
    assert issuer.issued == 0


def test_a_token_without_a_date_is_used_until_it_is_refused() -> None:
    vault, issuer = vault_with(), Issuer()
    assert fresh_token(vault, issuer, now=NOW) == "a0"
    assert fresh_token(vault, issuer, now=NOW, refused="a0") == "a1"


@pytest.mark.parametrize("left", [dt.timedelta(seconds=30), -HOUR])
def test_a_token_near_or_past_its_end_is_renewed_and_the_new_pair_is_kept(left: dt.timedelta) -> None:
    vault, issuer = vault_with(NOW + left), Issuer()
    assert fresh_token(vault, issuer, now=NOW) == "a1"
    assert stored(vault) == Tokens("a1", "r1", NOW + HOUR)


def test_a_refused_token_that_somebody_has_renewed_already_costs_no_call() -> None:
    vault, issuer = MemoryVault(access_token="a1", refresh_token="r1"), Issuer()
    assert fresh_token(vault, issuer, now=NOW, refused="a0") == "a1"
    assert issuer.issued == 0


def test_a_new_token_that_is_short_lived_is_used_all_the_same() -> None:
    vault = vault_with(NOW - HOUR)
    assert fresh_token(vault, lambda _: Tokens("short", "r1", NOW), now=NOW) == "short"


def test_two_threads_refreshing_at_once_spend_one_refresh_token() -> None:
    vault, issuer, got = vault_with(NOW - HOUR), Issuer(), list[str]()
    issuer.delay = 0.05
    threads = [threading.Thread(target=lambda: got.append(fresh_token(vault, issuer, now=NOW))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["a1"] * 8
    assert issuer.issued == 1


def test_the_new_pair_is_saved_before_anybody_uses_it() -> None:
    class Dying(MemoryVault):
        def put(self, **secrets: str) -> None:
            raise KeyboardInterrupt

    issuer = Issuer()
    vault = Dying(access_token="a0", refresh_token="r0")
    with pytest.raises(KeyboardInterrupt):
        fresh_token(vault, issuer, now=NOW, refused="a0")
    survivor = MemoryVault(**vault.secrets)
    with pytest.raises(NeedsLogin):
        fresh_token(survivor, issuer, now=NOW, refused="a0")
    assert survivor.secrets == {"access_token": "a0", "refresh_token": "r0"}


def test_a_refusal_after_our_lease_ran_out_takes_the_pair_that_the_next_holder_saved() -> None:
    vault = vault_with(NOW - HOUR)

    def outlasted(_: Tokens) -> Tokens:
        save(vault, Tokens("theirs", "r9", NOW + HOUR))
        raise NeedsLogin("invalid_grant")

    assert fresh_token(vault, outlasted, now=NOW) == "theirs"
    assert stored(vault).refresh_token == "r9"


def test_a_vendor_that_keeps_its_refresh_token_need_not_repeat_it() -> None:
    vault = vault_with(NOW - HOUR)
    fresh_token(vault, lambda _: Tokens("a1"), now=NOW)
    assert stored(vault).refresh_token == "r0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("1772366400", NOW),
        ("2026-03-01T12:00:00Z", NOW),
        ("2026-03-01T12:00:00", NOW),
        ("2026-03-01T07:00:00-05:00", NOW),
    ],
)
def test_an_instant_is_iso_text_or_seconds(text: str, expected: dt.datetime | None) -> None:
    assert instant(text) == expected


def test_anything_else_is_no_instant() -> None:
    with pytest.raises(ValueError, match="soon"):
        instant("soon")
