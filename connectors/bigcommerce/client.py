"""The calls we make to one store: its address, the token, the rate headers it shares with other apps, and both versions'
ways to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.base import Vault
from connectors.bigcommerce.reading import id_of, record, rows
from connectors.bigcommerce.refusals import accepted
from connectors.documents import Raw
from connectors.errors import NeedsLogin
from connectors.http import Answer, Http, unreadable

PAGE_SIZE = 250
"""The most that either version gives at once."""
SURELY_LAST = 50
"""A page shorter than this is the last one; a store that ignores `limit` gives fifty."""
KIND = "call"
"""All calls draw on one quota."""

OVERLOAD_WAIT, LONGEST_WAIT = 60.0, 3600.0
"""Seconds."""

Query = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the store's own clock."""

    items: list[Raw]
    server_now: dt.datetime

    @property
    def whole(self) -> bool:
        return len(self.items) < SURELY_LAST


class Client:
    def __init__(self, http: Http, vault: Vault, now: Callable[[], dt.datetime]) -> None:
        self.http = http
        self.vault = vault
        self.now = now

    def record(self, path: str, query: Query | None = None) -> Raw:
        """One record: V2's bare one, or V3's out of its envelope. Raises Gone."""
        answer = self.send("GET", path, query=query)
        body = answer.json()
        if isinstance(body, dict) and set(body) <= {"data", "meta"}:
            body = body.get("data")
        if not isinstance(body, dict):
            raise unreadable(answer)
        return body

    def page(self, path: str, query: Query, *, number: int = 1) -> Page:
        """V2 answers an empty list with 204 and no body, V3 with an empty `data`."""
        answer = self.send("GET", path, query={**query, "page": number, "limit": PAGE_SIZE})
        return Page(_listed(answer), server_clock(answer, self.now()))

    def pages(self, path: str, query: Query | None = None) -> Iterator[Page]:
        """A list that does not move while it is read: one order's own rows, or a list that only grows at its end."""
        number, seen = 1, -1
        while True:
            page = self.page(path, query or {}, number=number)
            if page.items and page.items[-1].get("id") == seen:
                return  # the page number is ignored here: what is there came at once
            yield page
            if page.whole:
                return
            number, seen = number + 1, page.items[-1].get("id", -1)

    def every(self, path: str, query: Query | None = None) -> list[Raw]:
        return [row for page in self.pages(path, query) for row in page.items]

    def unpaged(self, path: str) -> list[Raw]:
        """A list that is described without pages. Should its `meta` speak of more all the same, they are fetched."""
        answer = self.send("GET", path)
        body = [] if answer.status == 204 else answer.json()
        found = rows(body)
        if not isinstance(body, dict | list):
            raise unreadable(answer)
        return found if len(found) >= _told_total(body) else self.every(path)

    def newest_order(self) -> list[str]:
        """Its id; none in a new store."""
        answer = self.send("GET", "/v2/orders", query={"sort": "id:desc", "limit": 1})
        return [id_of(row.get("id")) for row in _listed(answer)][:1]

    def put(self, path: str, body: Any) -> None:
        """Safe to repeat."""
        self.send("PUT", path, body=body, safe=True)

    def post(self, path: str, body: Any) -> None:
        self.send("POST", path, body=body)

    def send(
        self, method: str, path: str, *, query: Query | None = None, body: Any = None, safe: bool = False
    ) -> Answer:
        token = self.vault.get("access_token")
        if not token:
            raise NeedsLogin("no access token is stored for this store", code="no_token")
        answer = self.http.send(
            method, path, query=query, body=body, headers={"X-Auth-Token": token}, kind=KIND, safe=safe
        )
        self._learn(answer)
        return accepted(answer)

    def _learn(self, answer: Answer) -> None:
        """What is left of a window of 30 seconds. Other apps of the store draw on it too, so the newest word counts."""
        told = [answer.headers.get(f"X-Rate-Limit-{name}", "") for name in ("Requests-Quota", "Requests-Left")]
        reset = answer.headers.get("X-Rate-Limit-Time-Reset-Ms", "")
        if all(value.isdecimal() for value in (*told, reset)):
            limit, left = map(int, told)
            self.http.budget.learn(KIND, limit=limit, remaining=left, reset_in=int(reset) / 1000)


def _listed(answer: Answer) -> list[Raw]:
    """V3's list stands in `data`; V2's is bare, but for that of fees, which some answers wrap."""
    body = [] if answer.status == 204 else answer.json()
    if isinstance(body, dict):
        body = body.get("data", body.get("fees"))
    elif answer.status != 204 and "/v3/" in answer.url:
        body = None
    if not isinstance(body, list):
        raise unreadable(answer)
    return rows(body)


def _told_total(body: Any) -> int:
    pagination = record(record(record(body).get("meta")).get("pagination"))
    return int(pagination.get("total") or 0)


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds that a 429 asks for. One that says nothing is the platform's own overload, and takes longer."""
    for name, unit in (("X-Rate-Limit-Time-Reset-Ms", 1000), ("X-Retry-After", 1), ("Retry-After", 1)):
        told = headers.get(name, "")
        if told.isdecimal():
            return min(max(int(told) / unit, 1.0), LONGEST_WAIT)
    return OVERLOAD_WAIT


def server_clock(answer: Answer, ours: dt.datetime) -> dt.datetime:
    """The store's own clock: `date_modified` is written by it, not by ours."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(dt.UTC)
    except ValueError:
        return ours
