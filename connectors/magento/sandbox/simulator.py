"""The simulated shop over HTTP: addresses, access, answers; and the sandbox's own side of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from connectors.magento.sandbox import accounts, comments, customers, documents, hooks, orders, products, stores
from connectors.magento.sandbox.access import CONSUMER, Gate
from connectors.magento.sandbox.catalogue import STORES
from connectors.magento.sandbox.clock import Clock
from connectors.magento.sandbox.expectations import as_it_stands
from connectors.magento.sandbox.money import plain
from connectors.magento.sandbox.refusals import Refused, invalid, maintenance, no_route
from connectors.magento.sandbox.routing import View
from connectors.magento.sandbox.scenes import place
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row, Table
from connectors.magento.sandbox.trade import Story, play_day
from connectors.magento.sandbox.trimming import trimmed
from connectors.sandbox import Call, Reply, Sandbox

PREFIX = r"(?:/index\.php)?/rest(?:/(?!V1/)(?P<store>\w+))?/V1/"
CODES = {"all", *(store.code for store in STORES)}
MODULES = (orders, comments, documents, customers, products, stores)


class MagentoSandbox(Sandbox):
    """Switches (the vendor's unknowns and versions):

    version          "2.3" | "2.4.6" | "2.4.7" | "2.4.8": OAuth methods, comment status, row totals, last page
    row_total        "" (as the version) | "raw" | "net" | "net_clamped" | "rounded" | "display_incl_tax"
    page_past_end    "" (as the version) | "empty" | "repeat"
    bearer           "on" | "off": integration tokens as bearer tokens
    input_limit      page sizes: 300 at most, 20 unless said
    denied           ACL resources that the integration was not given
    statuses         {state: [status, ...]}: the merchant's own
    custom_attributes           the shop has the module for them
    invoice_touches_order       an invoice moves its order's updated_at
    creditmemo_touches_order    so does a credit memo
    late_commit      seconds until a written row can be read; its updated_at is then that much behind
    clock_skew       seconds that the server's clock is ahead
    maintenance      an HTML page with 503 for everything
    """

    kind = "magento"
    label = "Magento"
    switches: ClassVar[Mapping[str, Any]] = {
        "version": "2.4.6",
        "row_total": "",
        "page_past_end": "",
        "bearer": "on",
        "input_limit": False,
        "denied": [],
        "statuses": {},
        "custom_attributes": True,
        "invoice_touches_order": True,
        "creditmemo_touches_order": False,
        "late_commit": 0,
        "clock_skew": 0,
        "maintenance": False,
    }
    shop: Shop

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.gate = Gate(self.switch)
        for module in MODULES:
            for method, pattern, resource, view in module.ROUTES:
                self.on(method, PREFIX + pattern, partial(self._serve, resource, view))
        for path in hooks.KEY_PATHS:
            self.on("GET", path, self._public_key)

    def reset(self) -> None:
        self.clock = Clock(lambda: float(self.switch["clock_skew"]))
        self.shop = Shop(self.clock, self.switch, self._announce)
        self.waiting: list[Story] = []

    # --- answers ---

    def answer(self, call: Call) -> Reply:
        return maintenance() if self.switch["maintenance"] else super().answer(call)

    def no_route(self, call: Call) -> Reply:
        return no_route().reply()

    def _serve(self, resource: str, view: View, call: Call) -> Reply:
        try:
            return self._answered(resource, view, call)
        except Refused as refused:
            return refused.reply()

    def _answered(self, resource: str, view: View, call: Call) -> Reply:
        if call.params.get("store") and call.params["store"] not in CODES:
            raise no_route()
        self.gate.check(call, resource, call.headers.get("Host") or self.url.partition("//")[2])
        try:
            call.json()
        except ValueError:
            raise invalid("Decoding error: Syntax error") from None
        body = view(self.shop, call)
        return Reply(body=trimmed(body, call.get("fields")) if call.get("fields") else body)

    def _public_key(self, call: Call) -> Reply:
        return Reply(body=hooks.public_key(call.path), content_type="application/x-pem-file")

    # --- webhooks ---

    def _announce(self, event: str, row: Row) -> None:
        if not self.hook.get("url"):
            return
        if self.hook.get("style") == "adobe":
            time = self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
            self.send_hook(*hooks.cloud_event(event, row, self.hook, time))
        else:
            self.send_hook(*hooks.plain_hook(event, row, self.hook))

    # --- the sandbox's own side ---

    def connection_settings(self) -> dict[str, str]:
        """With bearer tokens off, the four strings of OAuth 1.0a."""
        oauth = {
            "consumer_key": CONSUMER.key,
            "consumer_secret": CONSUMER.secret,
            "access_token_secret": CONSUMER.token_secret,
        }
        return {
            "base_url": self.url,
            "access_token": CONSUMER.token,
            "webhook_secret": str(self.hook.get("secret") or hooks.SECRET),
            "timezone": "",
            **(oauth if self.switch["bearer"] == "off" else {}),
        }

    def control(self, call: Call) -> Reply:
        """What cannot be placed is said, not raised."""
        try:
            return super().control(call)
        except Refused as refused:
            return refused.reply()
        except LookupError as error:
            return Reply(400, {"message": f"the sandbox does not know {error}"})

    def place(self, wanted: Mapping[str, Any]) -> Row:
        with self.lock:
            return place(self.shop, wanted, self.dice)

    def id_of(self, placed: Mapping[str, Any]) -> str:
        return str(placed["entity_id"])

    def number_of(self, placed: Mapping[str, Any]) -> str:
        return str(placed["increment_id"])

    def people(self) -> Mapping[str, Mapping[str, str]]:
        with self.lock:
            return {str(row["id"]): accounts.person(row) for row in self.shop.customers}

    def person(self, wanted: Mapping[str, str]) -> str:
        with self.lock:
            return accounts.edit(self.shop, wanted)

    def trade(self, *, orders: int, seed: int, day: str, bad: bool = False, linger: float = 0.0) -> list[Row]:
        """See `expectations.expected` for the rows. `bad` adds one order without an e-mail address; `linger` is the
        share of orders whose life goes on at a later day of trade."""
        with self.lock:
            date, share = dt.date.fromisoformat(day), float(linger)
            return play_day(self.shop, self.waiting, orders=orders, seed=seed, day=date, bad=bad, linger=share)

    def expectations(self) -> list[Mapping[str, Any]]:
        with self.lock:
            return [as_it_stands(self.shop, order["entity_id"]) for order in self.shop.orders]

    def told(self) -> Mapping[str, list[str]]:
        with self.lock:
            numbers = {order["entity_id"]: order["increment_id"] for order in self.shop.orders}
            found: dict[str, list[str]] = {number: [] for number in numbers.values()}
            for comment in self.shop.comments:
                found[numbers[comment["parent_id"]]].append(comment["comment"])
            return found

    def state(self) -> Any:
        with self.lock:
            names = ("orders", "invoices", "creditmemos", "transactions", "comments", "customers", "products")
            return plain({name: list(getattr(self.shop, name)) for name in names} | {"now": self.clock.server_time()})

    def tables(self) -> Mapping[str, list[Mapping[str, Any]]]:
        return {
            "Newest orders": _newest(self.shop.orders, ORDER_COLUMNS),
            "Newest invoices": _newest(self.shop.invoices, DOCUMENT_COLUMNS),
            "Newest credit memos": _newest(self.shop.creditmemos, DOCUMENT_COLUMNS),
            "Newest comments": _newest(self.shop.comments, ("parent_id", "created_at", "comment")),
        }


ORDER_COLUMNS = (
    "entity_id", "increment_id", "state", "status", "order_currency_code", "grand_total", "total_paid",
    "total_refunded", "customer_email", "created_at", "updated_at",
)  # fmt: skip
DOCUMENT_COLUMNS = ("entity_id", "increment_id", "order_id", "order_currency_code", "grand_total", "created_at")


def _newest(table: Table, names: tuple[str, ...], limit: int = 100) -> list[Mapping[str, Any]]:
    return [{name: row.get(name, "") for name in names} for row in reversed(list(table)[-limit:])]
