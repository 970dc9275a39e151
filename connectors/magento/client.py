"""The calls we make to one shop: its address, the Authorization header, searches, and lists read by their ids."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.base import Vault
from connectors.documents import Raw
from connectors.errors import NeedsLogin, Rejected
from connectors.http import Answer, Http, unreadable
from connectors.magento.oauth1 import Keys, authorization, encoded
from connectors.magento.reading import rows
from connectors.magento.refusals import accepted

PAGE_SIZE = 50
"""Below Magento's own limit of 300, and gentle: every order of a page is loaded whole on the other side."""

Filter = tuple[str, str, str]
"""Field, condition, value. Filters are joined by AND."""


@dataclass(frozen=True)
class Page:
    """The first rows of a search, how many match in all, and the shop's clock."""

    items: list[Raw]
    matching: int
    server_now: dt.datetime

    @property
    def whole(self) -> bool:
        """Nothing was left out. An empty page is no sign of the end: some versions repeat the last one instead."""
        return len(self.items) >= self.matching


class Client:
    def __init__(self, http: Http, vault: Vault, now: Callable[[], dt.datetime]) -> None:
        self.http = http
        self.vault = vault
        self.now = now

    def get(self, path: str) -> Any:
        return self._send("GET", path).json()

    def record(self, path: str) -> Raw:
        """One record; anything else (PHP's empty list, a page of a proxy's) is no answer to keep."""
        answer = self._send("GET", path)
        body = answer.json()
        if not isinstance(body, dict):
            raise unreadable(answer)
        return body

    def post(self, path: str, body: Mapping[str, Any], *, safe: bool = False) -> Any:
        return self._send("POST", path, body=body, safe=safe).json()

    def put(self, path: str, body: Mapping[str, Any]) -> Raw:
        """Safe to repeat."""
        answer = self._send("PUT", path, body=body, safe=True)
        saved = answer.json()
        if not isinstance(saved, dict):
            raise unreadable(answer)
        return saved

    def search(
        self, path: str, filters: Sequence[Filter], *, sort: Sequence[str], size: int = PAGE_SIZE, fields: str = ""
    ) -> Page:
        """The first page. There is no second: the next one is searched for by what the first one ended with, since
        rows that change meanwhile would shift any page by number."""
        answer = self._send("GET", path, query=criteria(filters, sort, size, fields))
        body = answer.json()
        if not isinstance(body, Mapping):
            raise unreadable(answer)
        items = rows(body.get("items"))
        matching = int(body.get("total_count") or len(items) + (len(items) == size))
        return Page(items, matching, server_clock(answer, self.now()))

    def count(self, path: str, key: str = "entity_id") -> int:
        return self.search(path, [], sort=[key], size=1, fields=f"items[{key}],total_count").matching

    def pages_by_id(
        self, path: str, filters: Sequence[Filter], *, key: str = "entity_id", shown: str = "", fields: str = ""
    ) -> Iterator[Page]:
        """Every match in the order of its id. `shown` is the id's name in the answer, where the column has another."""
        last = 0
        while True:
            after = [(key, "gt", str(last))] if last else []
            page = self.search(path, [*filters, *after], sort=[key], fields=fields)
            if not page.items:
                return
            yield page
            if page.whole:
                return
            last = _further(last, int(page.items[-1][shown or key]))

    def every(
        self, path: str, filters: Sequence[Filter], *, key: str = "entity_id", shown: str = "", fields: str = ""
    ) -> Iterator[Raw]:
        for page in self.pages_by_id(path, filters, key=key, shown=shown, fields=fields):
            yield from page.items

    def _send(
        self, method: str, path: str, *, query: Sequence[tuple[str, str]] = (), body: Any = None, safe: bool = False
    ) -> Answer:
        return accepted(
            self.http.send(
                method,
                path,
                query="&".join(f"{encoded(name)}={encoded(value)}" for name, value in query),
                body=body,
                headers={"Authorization": self._authorization(method, self.http.base_url + path, query)},
                safe=safe,
            )
        )

    def _authorization(self, method: str, url: str, query: Sequence[tuple[str, str]]) -> str:
        token = self.vault.get("access_token")
        if not token:
            raise NeedsLogin("no access token is stored for this shop", code="no_token")
        if not self.vault.get("consumer_key"):
            return f"Bearer {token}"
        keys = Keys(
            self.vault.get("consumer_key"),
            self.vault.get("consumer_secret"),
            token,
            self.vault.get("access_token_secret"),
        )
        return authorization(
            keys, method, url, query, nonce=secrets.token_hex(16), timestamp=int(self.now().timestamp())
        )


def rest_address(base_url: str) -> str:
    """The REST root of the default store view, however much of it was typed in."""
    shop = re.sub(r"/rest(/\w+)?(/V1)?$", "", base_url.strip().rstrip("/"))
    return f"{shop}/rest/V1"


def criteria(filters: Sequence[Filter], sort: Sequence[str], size: int, fields: str) -> list[tuple[str, str]]:
    """The query of a search: one group per filter, since groups are joined by AND. A sort without a direction would
    be descending, and a search without a size may silently return twenty."""
    query: list[tuple[str, str]] = []
    for index, (field, condition, value) in enumerate(filters):
        start = f"searchCriteria[filter_groups][{index}][filters][0]"
        query += [(f"{start}[field]", field), (f"{start}[condition_type]", condition), (f"{start}[value]", value)]
    for index, field in enumerate(sort):
        start = f"searchCriteria[sortOrders][{index}]"
        query += [(f"{start}[field]", field), (f"{start}[direction]", "ASC")]
    query += [("searchCriteria[pageSize]", str(size)), ("searchCriteria[currentPage]", "1")]
    return [*query, ("fields", fields)] if fields else query


def server_clock(answer: Answer, ours: dt.datetime) -> dt.datetime:
    """The shop's own clock: `updated_at` is written by it, not by ours."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(dt.UTC)
    except ValueError:
        return ours


def _further(last: int, reached: int) -> int:
    if reached <= last:
        raise Rejected(
            "the shop ignores the filter or the order of a search, so a list cannot be read", code="not_sorted"
        )
    return reached
