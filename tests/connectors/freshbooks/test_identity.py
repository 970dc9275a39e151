"""Which books a login opens, also where the business names no account."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import Rejected
from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.identity import identity_of
from tests.connectors.freshbooks.conftest import API, NOW, Meter, Recorded
from tests.connectors.vaults import MemoryVault


def membership(account: str | None, role: str = "owner", name: str = "") -> dict[str, Any]:
    return {"role": role, "business": {"account_id": account, "name": name, "business_clients": []}}


def test_the_check_names_the_account(books: FreshBooks, recorded: Recorded, meter: Meter) -> None:
    recorded("identity")
    assert books.check() == "Connected to Quay Lamps (account aB3dE9) as owner@example.org."
    assert meter.learned == [], "its own small counter says nothing about the books"


@pytest.mark.parametrize("answer", ["identity", "identity-account-in-roles", "identity-account-in-business-clients"])
def test_an_account_that_was_not_entered_is_found_once(vault: MemoryVault, recorded: Recorded, answer: str) -> None:
    recorded(answer, "invoice-partly-paid")
    books = FreshBooks({"api_url": API}, vault, Meter(), now=lambda: NOW)
    books.resource("invoice").read("81001")
    assert vault.get("account_id") == "aB3dE9"
    assert len(recorded.calls) == 2


def test_a_check_keeps_the_account_it_found(vault: MemoryVault, recorded: Recorded) -> None:
    recorded("identity-account-in-roles")
    assert "account aB3dE9" in FreshBooks({}, vault, Meter(), now=lambda: NOW).check()
    assert vault.get("account_id") == "aB3dE9"


def test_a_login_that_may_only_read_is_refused(books: FreshBooks, recorded: Recorded) -> None:
    recorded("identity-reader")
    with pytest.raises(Rejected, match="only read"):
        books.check()


def test_an_account_of_somebody_else_is_refused() -> None:
    with pytest.raises(Rejected, match="can open aaa"):
        identity_of({"business_memberships": [membership("aaa")]}).account("AAA")


def test_a_choice_between_accounts_is_a_persons() -> None:
    identity = identity_of({"business_memberships": [membership("aaa", name="One"), membership("bbb")]})
    with pytest.raises(Rejected, match=r"aaa \(One\), bbb") as refused:
        identity.account()
    assert refused.value.code == "several_accounts"
    assert identity.account("bbb").id == "bbb"


def test_an_account_where_we_are_a_client_is_no_choice() -> None:
    identity = identity_of({"business_memberships": [membership("aaa", "client"), membership("bbb")]})
    assert identity.account().id == "bbb"


def test_a_login_without_books_is_told_so() -> None:
    with pytest.raises(Rejected, match="no FreshBooks account"):
        identity_of({"email": "a@b.example"}).account()
    assert identity_of({}).account("aaa").id == "aaa", "what cannot be judged is believed"
