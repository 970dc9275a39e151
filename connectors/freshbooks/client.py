"""The calls we make: address, login, version, rate headers, and the one account that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Connector
from connectors.documents import Raw
from connectors.freshbooks import login, settings_form
from connectors.freshbooks.envelopes import complaints, content
from connectors.freshbooks.identity import Identity, identity_of
from connectors.freshbooks.refusals import REPEATABLE, Asked, named
from connectors.http import Answer, Query, unreadable

VERSION = {"X-API-VERSION": "2023-02-20"}
"""Pinned to what was observed (2026-06), so that a newer default does not change the answers under us."""
WINDOW = 60.0
"""Their rate windows last about a minute (observed 2026-06)."""

NO_CONTENT = 204
"""How some deletions are answered; others with 200 and a body, of which no sheet tells more."""


class Api:
    """One connection's calls. Each returns the `result` of a success, or raises what the refusal means."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector
        self.http = connector.http(settings_form.api_url(connector.settings))

    @property
    def account_id(self) -> str:
        """As entered, or as found once and kept."""
        known = self.connector.settings.get("account_id") or self.connector.vault.get("account_id")
        return str(known or self.discover())

    def discover(self) -> str:
        found = self.identity().account().id
        self.connector.vault.put(account_id=found)
        return found

    def identity(self) -> Identity:
        return identity_of(self._call("GET", "/auth/api/v1/users/me", Asked("login")))

    def accounting(self, method: str, path: str, asked: Asked, *, query: Query | None = None, body: Any = None) -> Raw:
        """`path` as in "invoices/invoices/7"."""
        return self._call(method, f"/accounting/account/{self.account_id}/{path}", asked, query=query, body=body)

    def events(self, method: str, path: str, asked: Asked, *, query: Query | None = None, body: Any = None) -> Raw:
        return self._call(method, f"/events/account/{self.account_id}/events/{path}", asked, query=query, body=body)

    def _call(self, method: str, path: str, asked: Asked, *, query: Query | None = None, body: Any = None) -> Raw:
        answer = self._with_login(method, path, query=query, body=body)
        self._learn(answer, path)
        if _is_deleted(answer):
            return {}
        said = answer.json() if answer.ok else content(answer)
        found = complaints(said)
        if found or not answer.ok:
            raise named(answer, found, asked)
        response = said.get("response") if isinstance(said, dict) else None
        if not isinstance(response, dict):
            raise unreadable(answer)
        result: Raw = response.get("result", response)
        return result

    def _with_login(self, method: str, path: str, **rest: Any) -> Answer:
        """A token may end before its time (revoked, or the person logged in elsewhere): renew it once."""
        token = login.token(self.connector)
        answer = self._send(method, path, token, **rest)
        if answer.status != 401:
            return answer
        return self._send(method, path, login.token(self.connector, refused=token), **rest)

    def _send(self, method: str, path: str, token: str, **rest: Any) -> Answer:
        headers = {"Authorization": f"Bearer {token}", **VERSION}
        return self.http.send(
            method, path, headers=headers, kind=_kind(method, path), safe=method in REPEATABLE, **rest
        )

    def _learn(self, answer: Answer, path: str) -> None:
        """Who we are counts apart and with a small limit (20 in 2019), so it says nothing about the books."""
        rate = _rate(answer.headers)
        if rate is None or path.startswith("/auth/"):
            return
        limit, remaining, resets_at = rate
        reset_in = _seconds_left(answer.headers, resets_at - self.connector.now().timestamp())
        self.connector.budget.learn(_kind(answer.method, path), limit=limit, remaining=remaining, reset_in=reset_in)


def _is_deleted(answer: Answer) -> bool:
    return answer.status == NO_CONTENT or (answer.method == "DELETE" and answer.ok and not complaints(content(answer)))


def _seconds_left(headers: Mapping[str, str], by_our_clock: float) -> float:
    """`Retry-After` stands on every answer, successes too (observed 2026-06), and needs no clock of ours to be right."""
    told = headers.get("Retry-After", "")
    return min(max(float(told) if told.isdecimal() else by_our_clock, 0.0), WINDOW)


def _kind(method: str, path: str) -> str:
    """Their two counters: accounting POSTs (250 a minute), and all the rest (600), PUTs among it."""
    return "write" if method == "POST" and path.startswith("/accounting/") else "read"


def _rate(headers: Mapping[str, str]) -> tuple[int, int, float] | None:
    """Limit, remaining, and when the window ends. `Retry-After` stands on every success too, and means nothing."""
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    try:
        limit, remaining, resets_at = (float(headers[name]) for name in names)
    except (KeyError, ValueError):
        return None
    return int(limit), int(remaining), resets_at
