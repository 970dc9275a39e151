"""A shop behind the one seam, `Http.send`: lists that answer searches like Magento's, with a clock the test sets."""

from __future__ import annotations

import datetime as dt
import json
import re
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from connectors.http import Answer, Http
from connectors.magento.client import Client
from tests.connectors.vaults import MemoryVault

NOON = dt.datetime(2026, 3, 2, 12, 0, 0, tzinfo=dt.UTC)


class ListedShop(Http):
    def __init__(self) -> None:
        super().__init__("https://shop.example.com/rest/V1")
        self.now = NOON
        self.largest_page = 300
        self.tables: dict[str, list[dict[str, Any]]] = {"/orders": [], "/invoices": [], "/creditmemos": []}
        self.queries: list[str] = []
        self.before_answer: list[Any] = []

    def client(self) -> Client:
        return Client(self, MemoryVault(access_token="token"), lambda: NOON + dt.timedelta(days=9))

    def put(self, path: str, id: int, updated_at: str, **more: Any) -> None:
        """Insert or change one row."""
        table = self.tables[path]
        table[:] = [row for row in table if row["entity_id"] != id]
        table.append({"entity_id": id, "order_id": id, "updated_at": f"2026-03-02 {updated_at}", **more})

    def send(self, method: str, path: str, *, query: Any = None, **_: Any) -> Answer:
        if self.before_answer:
            self.before_answer.pop(0)()
        self.queries.append(f"{path}?{query}")
        given = dict(parse_qsl(query))
        found = [row for row in self.tables[path] if all(_matches(row, *one) for one in _filters(given))]
        for name in reversed([given[key] for key in sorted(given) if "sortOrders" in key and "[field]" in key]):
            found.sort(key=lambda row: row[name])
        size = min(int(given["searchCriteria[pageSize]"]), self.largest_page)
        body = {"items": found[:size], "total_count": len(found)}
        headers = {"Date": format_datetime(self.now, usegmt=True)}
        return Answer(method, self.base_url + path, 200, headers, json.dumps(body).encode())


def _filters(given: dict[str, str]) -> list[tuple[str, str, str]]:
    keys = [re.sub(r"\[field\]$", "", key) for key in given if "filter_groups" in key and key.endswith("[field]")]
    return [(given[f"{key}[field]"], given[f"{key}[condition_type]"], given[f"{key}[value]"]) for key in keys]


def _matches(row: dict[str, Any], field: str, condition: str, value: str) -> bool:
    ours, theirs = (row[field], value) if isinstance(row[field], str) else (row[field], int(value))
    return bool({"eq": ours == theirs, "gt": ours > theirs, "gteq": ours >= theirs, "lteq": ours <= theirs}[condition])
