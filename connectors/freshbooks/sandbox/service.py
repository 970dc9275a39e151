"""The service itself: which path leads where, who is let in, and what the sandbox shows of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.freshbooks.sandbox import envelopes, identity, people, refusals, showing
from connectors.freshbooks.sandbox.account import ACCOUNT_ID, Account
from connectors.freshbooks.sandbox.callbacks import Callbacks
from connectors.freshbooks.sandbox.clients import Clients
from connectors.freshbooks.sandbox.credit_notes import CreditNotes
from connectors.freshbooks.sandbox.expenses import CATEGORIES, Expenses, OtherIncomes, categories
from connectors.freshbooks.sandbox.invoices import Invoices
from connectors.freshbooks.sandbox.items import Items
from connectors.freshbooks.sandbox.login import Login
from connectors.freshbooks.sandbox.payments import Payments
from connectors.freshbooks.sandbox.placing import placed
from connectors.freshbooks.sandbox.rates import Rates
from connectors.freshbooks.sandbox.refusals import Bare, Refusal
from connectors.freshbooks.sandbox.resource import DELETED, Resource
from connectors.freshbooks.sandbox.switches import SWITCHES
from connectors.freshbooks.sandbox.taxes import Taxes
from connectors.freshbooks.sandbox.tokens import CLIENT_ID, CLIENT_SECRET, Tokens
from connectors.sandbox import Call, Reply, Route, Sandbox

PATHS: Mapping[str, type[Resource]] = {
    "users/clients": Clients,
    "invoices/invoices": Invoices,
    "payments/payments": Payments,
    "credit_notes/credit_notes": CreditNotes,
    "items/items": Items,
    "taxes/taxes": Taxes,
    "expenses/expenses": Expenses,
    "other_incomes/other_incomes": OtherIncomes,
}
HARD_DELETED = (Taxes, OtherIncomes)
API_VERSION = "2023-02-20"
ID = r"/(?P<id>[^/]+)"
ACCOUNTING = r"/accounting/account/(?P<account>[^/]+)/"
CALLBACKS = r"/events/account/(?P<account>[^/]+)/events/callbacks"


class Service(Sandbox):
    kind = "freshbooks"
    label = "FreshBooks"
    placing = "Record a payment by hand"
    switches = SWITCHES

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.tokens = Tokens(self.switch)
        self.login = Login(self.switch, self.tokens)
        self.rates = Rates(self.switch)
        self._login_routes()
        self._callback_routes()
        for path, resource in PATHS.items():
            self._resource_routes(ACCOUNTING + path, resource)

    # --- what the framework asks of us ---

    def reset(self) -> None:
        """The books are emptied; who is logged in stays logged in."""
        self.callbacks = Callbacks(self.switch, self._send)
        self.account = Account(self.switch, self.callbacks.announce)

    def connection_settings(self) -> dict[str, str]:
        return {
            "api_url": self.url,
            "authorize_url": f"{self.url}/oauth/authorize/",
            "token_url": f"{self.url}/auth/oauth/token",
            "account_id": ACCOUNT_ID,
            "expense_category": CATEGORIES[1],
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "access_token": self.tokens.last.access_token,
            "refresh_token": self.tokens.last.refresh_token,
            "expires_at": dt.datetime.fromtimestamp(self.tokens.last.expires_at, dt.UTC).isoformat(),
        }

    def state(self) -> Any:
        with self.lock:
            return {one.plural: one(self.account).everything() for one in PATHS.values()}

    def place(self, wanted: Mapping[str, Any]) -> Any:
        with self.lock:
            return placed({one.singular: one(self.account) for one in PATHS.values()}, wanted)

    def people(self) -> Mapping[str, Mapping[str, str]]:
        with self.lock:
            clients = Clients(self.account)
            living = (row for row in clients.table if row["vis_state"] != DELETED)
            return {str(row["id"]): people.person(row) for row in living}

    def person(self, wanted: Mapping[str, str]) -> str:
        with self.lock:
            return people.edit(Clients(self.account), wanted)

    def trade(
        self, *, orders: int, seed: int, day: str, bad: bool = False, linger: float = 0.0
    ) -> list[Mapping[str, Any]]:
        """Nobody sells in the books: so many clients are taken on by hand, billed, and have paid a part."""
        return [self._taken_on(f"Made {seed}-{number}") for number in range(orders)]

    def _taken_on(self, name: str) -> Mapping[str, Any]:
        client: Mapping[str, Any] = self.place({"client": {"fname": "Hand", "lname": name}})
        work = {"name": "Work", "qty": 2, "unit_cost": {"amount": "10.00", "code": "USD"}}
        invoice = self.place({"invoice": {"customerid": client["id"], "lines": [work]}})
        self.place({"payment": {"invoiceid": invoice["id"], "amount": {"amount": "5.00", "code": "USD"}}})
        return client

    def tables(self) -> Mapping[str, list[Mapping[str, Any]]]:
        return showing.tables(self.account)

    # --- calls ---

    def answer(self, call: Call) -> Reply:
        with self.lock:
            allowance = self.rates.take(call)
            reply = self._answer(call) if allowance.allowed else self.rates.refusal()
        version = {"X-Api-Version": str(call.headers.get("Api-Version") or API_VERSION)}
        return replace(reply, headers={**reply.headers, **allowance.headers, **version})

    def _answer(self, call: Call) -> Reply:
        try:
            return super().answer(call)
        except Refusal as refusal:
            return envelopes.refused(refusal, call, self.switch)
        except Bare as error:
            return envelopes.bare(error)

    def no_route(self, call: Call) -> Reply:
        return envelopes.bare(Bare(404))

    # --- routes ---

    def _login_routes(self) -> None:
        self.on("GET", "/(service/auth/)?oauth/authorize/?", self.login.authorize)
        self.on("POST", "/(service/)?auth/oauth/token/?", self.login.token)
        self.on("POST", "/(service/)?auth/oauth/revoke/?", self.login.revoke)
        self.on("GET", "/.well-known/oauth-authorization-server", lambda call: self.login.metadata(self.url))
        self.on("GET", "/auth/api/v1/users/me", self._let_in("profile", lambda call: identity.me(self.switch)))

    def _callback_routes(self) -> None:
        """A callback needs the right to read what it watches; the simulator asks only for a login."""
        self.on("GET", CALLBACKS, self._let_in("", lambda call: self.callbacks.browse(call)))
        self.on("POST", CALLBACKS, self._let_in("", lambda call: self.callbacks.create(call)))
        self.on("GET", CALLBACKS + ID, self._let_in("", lambda call: self.callbacks.show(call)))
        self.on("PUT", CALLBACKS + ID, self._let_in("", lambda call: self.callbacks.update(call)))
        self.on("DELETE", CALLBACKS + ID, self._let_in("", lambda call: self.callbacks.delete(call)))

    def _resource_routes(self, path: str, resource: type[Resource]) -> None:
        """Each call is answered from the account as it is then: a reset makes a new one."""
        if resource is Expenses:
            listed = self._let_in("expenses", lambda call: envelopes.result({"categories": categories()}))
            self.on("GET", ACCOUNTING + "expenses/categories", listed)
        scope = resource.scope
        self.on("GET", path, self._let_in(scope, lambda call: resource(self.account).browse(call)))
        self.on("POST", path, self._let_in(scope, lambda call: resource(self.account).create(call)))
        self.on("GET", path + ID, self._let_in(scope, lambda call: resource(self.account).show(call)))
        self.on("PUT", path + ID, self._let_in(scope, lambda call: resource(self.account).update(call)))
        if resource in HARD_DELETED:
            self.on("DELETE", path + ID, self._let_in(scope, lambda call: resource(self.account).delete(call)))

    def _let_in(self, scope: str, route: Route) -> Route:
        """Only with a living token, its scope, a role that may, and the right account in the path."""

        def checked(call: Call) -> Reply:
            scopes = self.tokens.scopes_of(_bearer(call))
            if scopes is None:
                raise refusals.unauthorized()
            _check_account(call.params.get("account", ACCOUNT_ID))
            verb = "read" if call.method == "GET" else "write"
            if scope and f"user:{scope}:{verb}" not in scopes:
                raise refusals.denied("The access token lacks the required scope.")
            if verb == "write" and self.switch["role"] == "client":
                raise refusals.denied()
            return route(call)

        return checked

    def _send(self, uri: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_hook(body, headers, url=uri)


def _bearer(call: Call) -> str:
    scheme, _, token = str(call.headers.get("Authorization", "")).partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _check_account(given: str) -> None:
    """Ids are case-sensitive. One of another kind gets no body at all."""
    if given == ACCOUNT_ID:
        return
    if given.isdecimal() or len(given) > 12:
        raise Bare(404)
    raise Refusal(refusals.UNKNOWN, "Account not found", status=404, object="account", field="accountid", value=given)
