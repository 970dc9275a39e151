"""A store behind the one seam, `Http.send`: lists as V2 and V3 give them, with a clock that the test sets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from connectors.bigcommerce.client import Client
from connectors.http import Answer, Http
from tests.connectors.vaults import MemoryVault

NOON = dt.datetime(2026, 3, 2, 12, 0, 0, tzinfo=dt.UTC)
REFUNDS = "/v3/orders/payment_actions/refunds"


class ListedStore(Http):
    """`inclusive`: whether `min` includes its own second. `capped`: more than this it never gives at once."""

    def __init__(self, *, inclusive: bool = True, capped: int = 250) -> None:
        super().__init__("https://api.example.com/stores/abc123")
        self.now = NOON
        self.inclusive = inclusive
        self.capped = capped
        self.orders: dict[int, dt.datetime] = {}
        self.refunds: dict[int, tuple[int, dt.datetime]] = {}
        self.calls = 0
        self.before_answer: list[Callable[[], None]] = []

    def client(self) -> Client:
        return Client(self, MemoryVault(access_token="token"), lambda: NOON + dt.timedelta(days=9))

    def change(self, id: int, seconds: float) -> None:
        """So many seconds before noon."""
        self.orders[id] = NOON - dt.timedelta(seconds=seconds)

    def refund(self, id: int, order_id: int, seconds: float) -> None:
        self.refunds[id] = order_id, NOON - dt.timedelta(seconds=seconds)

    def send(self, method: str, path: str, *, query: Any = None, **_: Any) -> Answer:
        self.calls += 1
        if self.before_answer:
            self.before_answer.pop(0)()
        found = self._refunds(query) if path == REFUNDS else self._orders(query)
        number, size = query["page"], min(query["limit"], self.capped)
        shown = found[(number - 1) * size : number * size]
        headers = {"Date": format_datetime(self.now, usegmt=True)}
        if path == REFUNDS:
            return Answer(method, self.base_url + path, 200, headers, json.dumps({"data": shown, "meta": {}}).encode())
        body = json.dumps(shown).encode() if shown else b""
        return Answer(method, self.base_url + path, 200 if shown else 204, headers, body)

    def _orders(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        since, until = query["min_date_modified"], query.get("max_date_modified")
        rows = sorted((at, id) for id, at in self.orders.items() if self._within(at, since, until))
        return [{"id": id, "date_modified": at.strftime("%a, %d %b %Y %H:%M:%S +0000")} for at, id in rows]

    def _refunds(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        rows = [(id, *one) for id, one in sorted(self.refunds.items())]
        return [
            {"id": id, "order_id": order, "created": at.isoformat()}
            for id, order, at in rows
            if self._within(at, query["created:min"], None)
        ]

    def _within(self, at: dt.datetime, since: str, until: str | None) -> bool:
        first, last = dt.datetime.fromisoformat(since), dt.datetime.fromisoformat(until) if until else None
        after = at >= first if self.inclusive else at > first
        return after and (last is None or (at <= last if self.inclusive else at < last))
