"""The simulated site over HTTP: addresses, access, answers in its own dialect; and the sandbox's own side of it."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from connectors.clarity.sandbox import accounts, hooks, lists, views
from connectors.clarity.sandbox.access import CLIENT, SECRET, Gate
from connectors.clarity.sandbox.catalogue import ZONE
from connectors.clarity.sandbox.clock import Clock
from connectors.clarity.sandbox.dialect import BASES, generic_path, written
from connectors.clarity.sandbox.expectations import as_it_stands
from connectors.clarity.sandbox.refusals import Refused, forbidden, no_route, too_many
from connectors.clarity.sandbox.scenes import place
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row
from connectors.clarity.sandbox.trade import Story, play_day
from connectors.sandbox import Call, Reply, Sandbox

TABLES = ("orders", "payments", "refunds", "customers", "products")


class ClaritySandbox(Sandbox):
    """Switches (everything in which sites differ):

    routes           "generic" | "own": the paths, and what stands before them
    casing           "camel" | "pascal"; `names` {generic name: theirs}
    dates            "iso" | "naive" | "ms" (/Date(…)/) | "epoch_s" | "epoch_ms"
    nulls            "keep" | "omit"; numbers "string" | "number"
    failures         "status" | "flag": a failure is a 200 that says so
    envelope         the name under which lists and records stand; "" = none
    page_style       "page_number" | "offset" | "cursor" | "link_header"; page_start 0 | 1; page_limit; totals
    past_end         "empty" | "repeat": what a page beyond the last holds
    filters          "on" | "ignore": whether lists can be asked for one order's rows, or one e-mail address's
    auth             "oauth2" | "bearer_static" | "basic" | "api_key"; client_auth "any" | "basic" | "body"
    token_seconds, tells_expiry
    signature        of webhooks, as in the sheet; payload "thin" | "full"; event_names {generic: theirs}
    lacking          lists that this site does not have, such as "refunds" or "webhooks"
    denied           what our login was given no right to: all calls of a list, or of one method, as in "PATCH orders"
    chooses_secrets  webhooks are signed with a secret that the site makes up, and tells when they are registered
    payment_stamps   payments tell when they changed
    refund_touches_order   a refund moves its order's updatedAt
    rate_limit       calls in a second; 0 = any number
    clock_skew       seconds that the site's clock is ahead
    """

    kind = "clarity"
    label = "Clarity eCommerce"
    switches: ClassVar[Mapping[str, Any]] = {
        "routes": "generic",
        "casing": "camel",
        "names": {},
        "dates": "iso",
        "nulls": "keep",
        "numbers": "string",
        "failures": "status",
        "envelope": "data",
        "page_style": "page_number",
        "page_start": 1,
        "page_limit": 50,
        "totals": True,
        "past_end": "empty",
        "filters": "on",
        "auth": "oauth2",
        "client_auth": "any",
        "token_seconds": 3600,
        "tells_expiry": True,
        "signature": "standard_webhooks",
        "payload": "thin",
        "event_names": {},
        "lacking": [],
        "denied": [],
        "chooses_secrets": False,
        "payment_stamps": False,
        "refund_touches_order": False,
        "rate_limit": 0,
        "clock_skew": 0,
    }
    cannot: ClassVar[Mapping[str, str]] = {
        "gift_card": "No sheet of a Clarity site knows of gift cards",
        "gift_card_sale": "No sheet of a Clarity site knows of gift cards",
    }
    clock: Clock
    shop: Shop

    def __init__(self, seed: int = 1) -> None:
        self._calls: deque[float] = deque(maxlen=1000)
        self._events = 0
        super().__init__(seed)

    def reset(self) -> None:
        self.clock = Clock(lambda: float(self.switch["clock_skew"]))
        self.shop = Shop(self.clock, self.switch, self._announce)
        self.gate = Gate(self.switch, self.clock)
        self.waiting: list[Story] = []

    # --- answers ---

    def answer(self, call: Call) -> Reply:
        with self.lock:
            try:
                return self._answered(call)
            except Refused as refused:
                return refused.reply(self.switch["failures"] == "flag")
            except ValueError:
                return Refused(400, "BAD_JSON", "The body is no JSON").reply(self.switch["failures"] == "flag")

    def _answered(self, call: Call) -> Reply:
        path = generic_path(call.path, self.switch["routes"])
        if path is None or path.split("/")[1] in self.switch["lacking"]:
            raise no_route(call.path)
        if path == "/oauth/token" and call.method == "POST":
            return self.gate.token(call)
        if path == "/oauth/authorize":
            return self.gate.consent(call)
        self._count_call()
        self.gate.check(call)
        name = path.split("/")[1]
        if {name, f"{call.method} {name}"} & {*self.switch["denied"]}:
            raise forbidden()
        return self._viewed(path, call)

    def _viewed(self, path: str, call: Call) -> Reply:
        for pattern, view in views.LISTS:
            if call.method == "GET" and (match := re.fullmatch(pattern, path)):
                rows = view(self.shop, replace(call, params=match.groupdict()))
                return self._listed(lists.chosen(self.shop, rows, call), call)
        for method, pattern, view in views.RECORDS:
            if call.method == method and (match := re.fullmatch(pattern, path)):
                return self._wrapped(view(self.shop, replace(call, params=match.groupdict())))
        raise no_route(call.path)

    def _listed(self, rows: list[Row], call: Call) -> Reply:
        page, beside, headers = lists.paged(rows, call, self.switch, self.url)
        envelope = self.switch["envelope"]
        body = written({envelope: page, **beside} if envelope else page, self.switch)
        return Reply(body=self._flagged(body), headers=headers)

    def _wrapped(self, row: Row) -> Reply:
        """A record stands bare, unless every answer says whether it worked."""
        if self.switch["failures"] == "flag":
            return Reply(body=self._flagged(written({"data": row}, self.switch)))
        return Reply(body=written(row, self.switch))

    def _flagged(self, body: Any) -> Any:
        return {"success": True, **body} if self.switch["failures"] == "flag" and isinstance(body, dict) else body

    def _count_call(self) -> None:
        now = time.monotonic()
        recent = sum(now - moment < 1 for moment in self._calls)
        if self.switch["rate_limit"] and recent >= self.switch["rate_limit"]:
            raise too_many()
        self._calls.append(now)

    # --- webhooks ---

    def _announce(self, event: str, row: Row) -> None:
        """A hook set from the sandbox's own side stands for all that could be registered."""
        self._events += 1
        if self.hook.get("url"):
            body, headers, behind = self._request(event, row, str(self.hook.get("secret") or hooks.SECRET))
            self.send_hook(body, headers, url=f"{self.hook['url']}{behind}")
            return
        word = self.switch["event_names"].get(event, event)
        for one in [hook for hook in self.shop.webhooks if word in hook["events"]]:
            body, headers, _ = self._request(event, row, self.shop.secrets[one["id"]])
            self.send_hook(body, headers, url=one["url"])

    def _request(self, event: str, row: Row, secret: str) -> hooks.Request:
        return hooks.request(event, row, secret, self.switch, self.clock, self._events)

    # --- the sandbox's own side ---

    def connection_settings(self) -> dict[str, str]:
        return {
            "base_url": f"{self.url}{BASES[self.switch['routes']]}",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "webhook_secret": str(self.hook.get("secret") or hooks.SECRET),
            "timezone": ZONE,
        }

    def control(self, call: Call) -> Reply:
        """What cannot be placed is said, not raised."""
        try:
            return super().control(call)
        except LookupError as error:
            return Reply(400, {"message": f"the sandbox does not know {error}"})

    def place(self, wanted: Mapping[str, Any]) -> Row:
        """As the site writes it, with the two names by which every store's orders are known to tests."""
        with self.lock:
            self._require_known({*wanted, wanted.get("kind", "")})
            row = place(self.shop, wanted, self.dice)
            known = {"entity_id": row["id"], "increment_id": row.get("orderNumber", row["id"])}
            return {**plain(row), **known}

    def _require_known(self, names: set[str]) -> None:
        """Raises LookupError."""
        for name in names & self.cannot.keys():
            raise LookupError(self.cannot[name])

    def id_of(self, placed: Mapping[str, Any]) -> str:
        return str(placed["id"])

    def number_of(self, placed: Mapping[str, Any]) -> str:
        return str(placed.get("orderNumber") or placed.get("refundNumber") or placed["id"])

    def people(self) -> Mapping[str, Mapping[str, str]]:
        with self.lock:
            return {row["id"]: accounts.person(row) for row in self.shop.customers}

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
            return [as_it_stands(self.shop, order["id"]) for order in self.shop.orders]

    def told(self) -> Mapping[str, list[str]]:
        """Ids of other systems, and notes: one a line."""
        with self.lock:
            return {
                order["orderNumber"]: [*order["externalIds"].values(), *(order["notes"] or "").splitlines()]
                for order in self.shop.orders
            }

    def state(self) -> Any:
        with self.lock:
            return plain({name: list(getattr(self.shop, name)) for name in TABLES} | {"now": self.clock.stamp()})

    def tables(self) -> Mapping[str, list[Mapping[str, Any]]]:
        return {
            "Newest orders": _newest(self.shop.orders, ORDER_COLUMNS),
            "Newest payments": _newest(self.shop.payments, PAYMENT_COLUMNS),
            "Newest refunds": _newest(self.shop.refunds, REFUND_COLUMNS),
        }


ORDER_COLUMNS = (
    "id", "orderNumber", "status", "paymentStatus", "currency", "total", "customerEmail", "orderDate", "updatedAt",
    "externalIds",
)  # fmt: skip
PAYMENT_COLUMNS = ("id", "orderId", "status", "amount", "surchargeAmount", "refundedAmount", "currency", "capturedAt")
REFUND_COLUMNS = ("id", "refundNumber", "orderId", "amount", "currency", "refundedAt")


def plain(value: Any) -> Any:
    """JSON-able: amounts as text."""
    return json.loads(
        json.dumps(value, default=lambda found: format(found, "f") if isinstance(found, Decimal) else str(found))
    )


def _newest(table: Any, names: tuple[str, ...], limit: int = 100) -> list[Mapping[str, Any]]:
    return [{name: row.get(name, "") for name in names} for row in reversed(list(table)[-limit:])]
