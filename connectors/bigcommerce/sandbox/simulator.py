"""The simulated store over HTTP: addresses, access, answers; and the sandbox's own side of it."""

from __future__ import annotations

import datetime as dt
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from connectors.bigcommerce.sandbox import accounts, customers_v3, hooks, orders_v2, orders_v3, products_v3
from connectors.bigcommerce.sandbox.access import CLIENT_ID, CLIENT_SECRET, TOKEN, Gate
from connectors.bigcommerce.sandbox.clock import Clock
from connectors.bigcommerce.sandbox.expectations import as_it_stands
from connectors.bigcommerce.sandbox.login import Login
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.presenting import HASH
from connectors.bigcommerce.sandbox.refusals import Refused, not_found_v2, of_version, v2
from connectors.bigcommerce.sandbox.routing import View
from connectors.bigcommerce.sandbox.scenes import CANNOT, place
from connectors.bigcommerce.sandbox.shop import PARTS, Shop
from connectors.bigcommerce.sandbox.trade import Story, play_day
from connectors.sandbox import Call, Reply, Sandbox

STORE = r"/stores/(?P<hash>\w+)"
VERSIONS = {
    "v2": (*orders_v2.ROUTES, *products_v3.V2_ROUTES),
    "v3": (*orders_v3.ROUTES, *customers_v3.ROUTES, *products_v3.ROUTES, *hooks.ROUTES),
}


class BigCommerceSandbox(Sandbox):
    """Switches (the vendor's unknowns and limits):

    quota            calls in half a minute; small stores have 150
    denied           scopes that the token lacks: orders, transactions, customers, products, information; or just to
                     write, as orders:write
    min_inclusive    min_date_modified and min_date_created include their own second
    refund_touches_order    a refund moves its order's status and date_modified
    address_touches_customer    a change of an address moves its customer's date_modified
    vat_field        the one field that the merchant has added to the account form; others are refused
    prices_with_tax  the catalogue's prices are entered with tax
    signed           webhooks are signed by the rules of Standard Webhooks
    https_only       hooks go to https addresses only
    retry_scale      by how much the waits between two tries of a webhook are shortened
    clock_skew       seconds that the store's clock is ahead
    """

    kind = "bigcommerce"
    label = "BigCommerce"
    switches: ClassVar[Mapping[str, Any]] = {
        "quota": 100_000,
        "denied": [],
        "min_inclusive": True,
        "refund_touches_order": True,
        "address_touches_customer": True,
        "vat_field": "VAT Number",
        "prices_with_tax": False,
        "signed": False,
        "https_only": True,
        "retry_scale": 1.0,
        "clock_skew": 0,
    }
    cannot: ClassVar[Mapping[str, str]] = CANNOT
    shop: Shop

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.gate = Gate(self.switch)
        self.login = Login(self.gate)
        for version, routes in VERSIONS.items():
            for method, pattern, scope, view in routes:
                self.on(method, f"{STORE}/{version}{pattern}", partial(self._serve, scope, view))
        self.on("POST", "/oauth2/token", self.login.token)

    def reset(self) -> None:
        self.clock = Clock(lambda: float(self.switch["clock_skew"]))
        self.shop = Shop(self.clock, self.switch, self._announce)
        self.waiting: list[Story] = []
        self.retries: list[hooks.Retry] = []

    # --- answers ---

    def no_route(self, call: Call) -> Reply:
        words = "The requested resource was not found."
        return (of_version(call.path, 404, words) if "/v3/" in call.path else not_found_v2()).reply()

    def _serve(self, scope: str, view: View, call: Call) -> Reply:
        try:
            given = self._answered(scope, view, call)
        except Refused as refused:
            given = refused.reply()
        return Reply(given.status, given.body, {**given.headers, **self.gate.headers()}, given.content_type)

    def _answered(self, scope: str, view: View, call: Call) -> Reply:
        self.gate.check(call, scope)
        try:
            call.json()
        except ValueError:
            raise of_version(call.path, 400, "The request body is not valid JSON.") from None
        return view(self.shop, call)

    # --- webhooks ---

    def _announce(self, event: str, data: Row) -> None:
        """A hook set from the sandbox's own side stands for all that could be registered."""
        scope = f"store/{event}"
        if self.hook.get("url"):
            secret = str(self.hook.get("secret") or hooks.SECRET)
            self.send_hook(*hooks.request(self.shop, scope, data, {"X-Webhook-Secret": secret}))
            return
        for hook in hooks.listening(self.shop, scope):
            made = hooks.request(self.shop, scope, data, hook["headers"] or {})
            self.retries.append(hooks.Retry(time.monotonic(), 0, hook["id"], hook["destination"], made))

    def deliver(self) -> dict[str, int]:
        """Those of registered hooks too, where their time has come."""
        sent = super().deliver()
        with self.lock:
            due = [one for one in self.retries if one.due <= time.monotonic()]
            self.retries = [one for one in self.retries if one not in due]
        delivered = sum(map(self._tried, due))
        return {**sent, "queued": sent["queued"] + len(due), "delivered": sent["delivered"] + delivered}

    def _tried(self, one: hooks.Retry) -> bool:
        if _posted(one.destination, *one.request):
            return True
        with self.lock:
            scale = float(self.switch["retry_scale"])
            again = hooks.put_off(self.shop, one.hook_id, one.destination, one.request, one.tries + 1, scale)
            self.retries += [again] if again else []
        return False

    # --- the sandbox's own side ---

    def connection_settings(self) -> dict[str, str]:
        return {
            "api_url": self.url,
            "store_hash": HASH,
            "access_token": TOKEN,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "webhook_secret": str(self.hook.get("secret") or hooks.SECRET),
            "timezone": "",
        }

    def control(self, call: Call) -> Reply:
        """What cannot be placed is said, not raised."""
        try:
            return super().control(call)
        except Refused as refused:
            return refused.reply()
        except LookupError as error:
            return v2(400, f"the sandbox does not know {error}").reply()

    def place(self, wanted: Mapping[str, Any]) -> Row:
        with self.lock:
            return place(self.shop, wanted, self.dice)

    def id_of(self, placed: Mapping[str, Any]) -> str:
        return str(placed["entity_id"])

    def number_of(self, placed: Mapping[str, Any]) -> str:
        return str(placed["increment_id"])

    def people(self) -> Mapping[str, Mapping[str, str]]:
        with self.lock:
            return {str(id): accounts.person(self.shop, row) for id, row in self.shop.customers.items()}

    def person(self, wanted: Mapping[str, str]) -> str:
        with self.lock:
            return accounts.edit(self.shop, wanted)

    def trade(self, *, orders: int, seed: int, day: str, bad: bool = False, linger: float = 0.0) -> list[Row]:
        """See `expectations.expected` for the rows. `bad` adds one order without an e-mail address."""
        with self.lock:
            date, share = dt.date.fromisoformat(day), float(linger)
            return play_day(self.shop, self.waiting, orders=orders, seed=seed, day=date, bad=bad, linger=share)

    def expectations(self) -> list[Mapping[str, Any]]:
        with self.lock:
            return [as_it_stands(self.shop, id) for id in self.shop.orders]

    def told(self) -> Mapping[str, list[str]]:
        """The lines of the staff notes."""
        with self.lock:
            return {str(id): (order["staff_notes"] or "").splitlines() for id, order in self.shop.orders.items()}

    def state(self) -> Any:
        with self.lock:
            parts = {name: [row for rows in self.shop.parts[name].values() for row in rows] for name in PARTS}
            tables = {"orders": self.shop.orders, "customers": self.shop.customers, "hooks": self.shop.hooks}
            return {**parts, **{name: list(rows.values()) for name, rows in tables.items()}}

    def tables(self) -> Mapping[str, list[Mapping[str, Any]]]:
        shown = list(reversed(self.shop.orders.values()))[:100]
        refunds = [row for order in shown for row in self.shop.of("refunds", order)]
        return {
            "Newest orders": [{name: order.get(name, "") for name in ORDER_COLUMNS} for order in shown],
            "Their refunds": [{name: row.get(name, "") for name in REFUND_COLUMNS} for row in refunds],
            "Webhooks": [{name: hook.get(name, "") for name in HOOK_COLUMNS} for hook in self.shop.hooks.values()],
        }


ORDER_COLUMNS = (
    "id", "status", "payment_status", "payment_method", "default_currency_code", "total_inc_tax", "total_tax",
    "date_created", "date_modified", "staff_notes",
)  # fmt: skip
REFUND_COLUMNS = ("id", "order_id", "total_amount", "total_tax", "created", "reason")
HOOK_COLUMNS = ("id", "scope", "destination", "is_active")


def _posted(url: str, body: bytes, headers: Mapping[str, str]) -> bool:
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - a test's own
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return bool(response.status < 300)
    except OSError:
        return False
