"""The FreshBooks connector: one account of the accounting API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from connectors import oauth
from connectors.base import Capabilities, Connector, Notice, Webhook
from connectors.errors import Rejected
from connectors.freshbooks import login, subscriptions, webhooks
from connectors.freshbooks.client import Api
from connectors.freshbooks.clients import Clients
from connectors.freshbooks.credit_notes import CreditNotes
from connectors.freshbooks.expenses import Expenses
from connectors.freshbooks.identity import READ_ONLY_ROLE
from connectors.freshbooks.invoices import Invoices
from connectors.freshbooks.items import Items
from connectors.freshbooks.payments import TYPES, Payments
from connectors.freshbooks.settings_form import SettingsForm
from connectors.freshbooks.taxes import Taxes


class FreshBooks(Connector):
    label = "FreshBooks"
    role = "books"
    settings_form = SettingsForm
    resources = {
        "client": Clients,
        "item": Items,
        "invoice": Invoices,
        "payment": Payments,
        "tax": Taxes,
        "credit_note": CreditNotes,
        "expense": Expenses,
    }

    def check(self) -> str:
        """Who we are, and that the account is one that this login may write to."""
        identity = Api(self).identity()
        account = identity.account(self.settings.get("account_id") or self.vault.get("account_id"))
        if account.role == READ_ONLY_ROLE:
            raise Rejected(f"{identity.email} may only read account {account.id}", code="read_only")
        if not self.settings.get("account_id"):
            self.vault.put(account_id=account.id)
        name = f"{account.name} (account {account.id})" if account.name else f"account {account.id}"
        return f"Connected to {name} as {identity.email}."

    def verify(self, webhook: Webhook) -> None:
        webhooks.verify(webhook, self.vault)

    def read_notices(self, webhook: Webhook) -> Iterable[Notice]:
        return webhooks.read_notices(webhook, self.resources)

    def subscriptions(self, wanted: Collection[str], url: str) -> None:
        subscriptions.heal(Api(self), self.vault, set(wanted) & self.resources.keys(), url)

    def shake_hands(self, webhook: Webhook) -> bool:
        return webhooks.shake_hands(webhook, Api(self), self.vault)

    def capabilities(self) -> Capabilities:
        return Capabilities(
            negative_lines=self.learned.get("negative_lines"),
            items=self.learned.get("items"),
            compound_taxes=True,
            expenses=bool(self.settings.get("expense_category")),
            apply_credits=True,
            payment_types=TYPES,
        )

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        return login.consent_url(self, redirect_uri, state)

    def exchange(self, code: str, redirect_uri: str) -> None:
        login.exchange(self, code, redirect_uri)

    def token_expires_at(self) -> dt.datetime | None:
        return oauth.stored(self.vault).expires_at
