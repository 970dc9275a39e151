"""Who has logged in, and which books that login opens: `users/me`, read without a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.documents import Raw
from connectors.errors import Rejected

READ_ONLY_ROLE = "client"
"""Such a member reads, but every write is refused, whatever the token's scopes say."""


@dataclass(frozen=True)
class Account:
    id: str
    name: str = ""
    role: str = ""


@dataclass(frozen=True)
class Identity:
    email: str
    accounts: tuple[Account, ...]

    def account(self, wanted: str = "") -> Account:
        """The account to work in. More than one is a choice for a person, never for us."""
        known = ", ".join(f"{account.id} ({account.name})" if account.name else account.id for account in self.accounts)
        if wanted:
            found = [account for account in self.accounts if account.id == wanted]
            if self.accounts and not found:
                raise Rejected(f"{self.email} cannot open account {wanted}; it can open {known}", code="wrong_account")
            return found[0] if found else Account(wanted)
        if not self.accounts:
            raise Rejected(f"{self.email} has no FreshBooks account with accounting", code="no_account")
        if len(self.accounts) > 1:
            raise Rejected(
                f"{self.email} can open several accounts; enter the id of one: {known}", code="several_accounts"
            )
        return self.accounts[0]


def identity_of(raw: Raw) -> Identity:
    """Theirs to ours. A business may come with a null `account_id`; its account then stands only among the roles or
    the business's clients. Accounts that can be written to come first, and hide those that cannot."""
    for source in (_of_businesses, _of_roles, _of_business_clients):
        found = {account.id: account for account in source(raw) if account.id}
        writable = {id: account for id, account in found.items() if account.role != READ_ONLY_ROLE}
        if found:
            return Identity(str(raw.get("email") or "this login"), tuple((writable or found).values()))
    return Identity(str(raw.get("email") or "this login"), ())


def _of_businesses(raw: Raw) -> Iterator[Account]:
    for membership in raw.get("business_memberships") or []:
        business = membership.get("business") or {}
        yield Account(business.get("account_id") or "", business.get("name") or "", membership.get("role") or "")


def _of_roles(raw: Raw) -> Iterator[Account]:
    for role in raw.get("roles") or []:
        yield Account(role.get("accountid") or "", "", role.get("role") or "")


def _of_business_clients(raw: Raw) -> Iterator[Account]:
    for membership in raw.get("business_memberships") or []:
        business = membership.get("business") or {}
        for client in business.get("business_clients") or []:
            yield Account(client.get("account_id") or "", business.get("name") or "", membership.get("role") or "")
