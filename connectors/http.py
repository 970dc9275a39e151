"""The one door out: every outbound call, with one time limit and one translation of failures.

Only public https addresses are called; COUNTINGHOUSE_ALLOW_HOSTS opens others by name. Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import local
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Rejected, RetryLater

TIME_LIMIT = 20.0
"""Seconds for one call in all: connect, send, wait and read."""
SIZE_LIMIT = 32 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD"})
before_send: list[Callable[[str, str], None]] = []
"""Called with method and URL before each call; tests assert here that no database transaction is open."""
_sessions = local()

Query = Mapping[str, Any] | Sequence[tuple[str, Any]]


class Budget(Protocol):
    """How many calls this connection may make. Shared by all its workers."""

    def take(self, kind: str) -> None:
        """Before a call of this kind ("read", "write", or the vendor's own class). Raises RateLimited."""
        ...

    def learn(self, kind: str, *, limit: int, remaining: int, reset_in: float) -> None:
        """What the vendor's rate headers said."""
        ...


class NoBudget:
    """For checks by hand and tests: never waits."""

    def take(self, kind: str) -> None:
        return

    def learn(self, kind: str, *, limit: int, remaining: int, reset_in: float) -> None:
        return


@dataclass(frozen=True)
class Answer:
    """What came back. `json()` reads numbers as Decimal; header names are case-insensitive."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        try:
            return json.loads(self.body, parse_float=Decimal)
        except ValueError:
            raise unreadable(self) from None


def unreadable(answer: Answer) -> ConnectorError:
    """An answer that is not what was agreed, such as a maintenance page: after a write, nobody knows what it means."""
    host = urlsplit(answer.url).netloc
    message = f"{host} answered {answer.method} with something that is not JSON (status {answer.status})"
    if answer.method in SAFE_METHODS or answer.status == 503:
        return RetryLater(message, code="not_json")
    return OutcomeUnknown(message, code="not_json")


class Http:
    """Calls to one base URL. `send` returns 2xx and 4xx answers (the vendor's folder names those); it raises
    RateLimited on 429, RetryLater and OutcomeUnknown on everything that is not an answer."""

    def __init__(self, base_url: str, *, budget: Budget | None = None, time_limit: float = TIME_LIMIT) -> None:
        self.base_url = base_url.rstrip("/")
        self.budget = budget or NoBudget()
        self.time_limit = time_limit

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Query | str | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        kind: str = "",
        safe: bool = False,
    ) -> Answer:
        """`path` is appended to the base URL, or is a whole URL. `query` may be given ready-encoded. `safe` marks a
        write that may be repeated freely (a token request, an idempotent PUT)."""
        url = path if path.startswith(("http://", "https://")) else self.base_url + path
        _refuse_private(url)
        self.budget.take(kind or ("read" if method in SAFE_METHODS else "write"))
        request = requests.Request(
            method,
            url + ("?" + query if isinstance(query, str) and query else ""),
            params=None if isinstance(query, str) else query,
            data=form if form is not None else (None if body is None else json.dumps(body, default=_plain)),
            headers={
                "Accept": "application/json",
                "User-Agent": "Countinghouse/1",
                **_content_type(body),
                **(headers or {}),
            },
        )
        answer = self._exchange(request, safe or method in SAFE_METHODS)
        return _judged(answer, safe or method in SAFE_METHODS)

    def _exchange(self, request: requests.Request, safe: bool) -> Answer:
        session = _session()
        prepared = session.prepare_request(request)
        method, url = str(prepared.method), str(prepared.url)
        for hook in before_send:
            hook(method, url)
        deadline = time.monotonic() + self.time_limit
        host = urlsplit(url).netloc
        try:
            with session.send(
                prepared, timeout=(min(10.0, self.time_limit), self.time_limit), stream=True, allow_redirects=False
            ) as response:
                return Answer(method, url, response.status_code, response.headers, _read(response, deadline))
        except (requests.ConnectTimeout, _Unreachable) as error:
            raise RetryLater(f"{host} cannot be reached", code="unreachable") from error
        except requests.exceptions.SSLError as error:
            raise RetryLater(f"{host} has no certificate that we can trust", code="tls") from error
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            if safe or _never_sent(error):
                raise RetryLater(f"{host} did not answer", code="no_answer") from error
            raise OutcomeUnknown(f"{host} did not answer; the request may have arrived", code="no_answer") from error


def _judged(answer: Answer, safe: bool) -> Answer:
    host = urlsplit(answer.url).netloc
    if answer.status == 429:
        raise RateLimited(f"{host} asked us to slow down", wait=retry_after(answer.headers))
    if answer.status >= 500:
        message = f"{host} is in trouble (status {answer.status})"
        raise (RetryLater if safe else OutcomeUnknown)(message, code=f"http_{answer.status}")
    if 300 <= answer.status < 400:
        target = answer.headers.get("Location", "elsewhere")
        raise Rejected(f"{host} redirects to {target}; enter the final address in the connection", code="redirect")
    return answer


def retry_after(headers: Mapping[str, str], default: float = 30.0) -> float:
    """Seconds to wait, at most an hour. Only meaningful on a 429."""
    try:
        return min(max(float(headers.get("Retry-After", "")), 1.0), 3600.0)
    except ValueError:
        return default


def allowed_hosts() -> frozenset[str]:
    return frozenset(filter(None, os.environ.get("COUNTINGHOUSE_ALLOW_HOSTS", "").replace(" ", "").split(",")))


def _refuse_private(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname in allowed_hosts():
        return
    if parts.scheme != "https":
        raise Rejected(
            f"{parts.scheme}://{parts.hostname} is not a public https address; name the host in "
            "COUNTINGHOUSE_ALLOW_HOSTS to allow it",
            code="address_refused",
        )


class _Unreachable(requests.ConnectionError):
    """No connection was made, so nothing was sent."""


def _never_sent(error: Exception) -> bool:
    text = repr(error)
    return "NewConnectionError" in text or "NameResolutionError" in text or "ConnectTimeoutError" in text


class _GuardedConnection(HTTPConnection):
    """Checks the address that was really connected to, so that no DNS answer can lead us inside."""

    def _new_conn(self) -> socket.socket:
        return _only_public(super()._new_conn(), self._dns_host)


class _GuardedTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _only_public(super()._new_conn(), self._dns_host)


def _only_public(connected: socket.socket, host: str) -> socket.socket:
    address = ipaddress.ip_address(connected.getpeername()[0])
    if host in allowed_hosts() or address.is_global:
        return connected
    connected.close()
    raise Rejected(
        f"{host} is the private address {address}; name the host in COUNTINGHOUSE_ALLOW_HOSTS to allow it",
        code="address_refused",
    )


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _GuardedConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


def _session() -> requests.Session:
    """One per thread, so that connections are kept alive and never shared."""
    if not hasattr(_sessions, "session") or _sessions.pid != os.getpid():
        session = requests.Session()
        session.trust_env = False  # a stray .netrc must not replace our credentials
        session.mount("http://", _Adapter())
        session.mount("https://", _Adapter())
        _sessions.session, _sessions.pid = session, os.getpid()
    found: requests.Session = _sessions.session
    return found


def _read(response: requests.Response, deadline: float) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_content(65536):
        chunks.append(chunk)
        size += len(chunk)
        if time.monotonic() > deadline:
            raise requests.ReadTimeout("the answer took too long")
        if size > SIZE_LIMIT:
            raise Rejected("the answer is larger than 32 MB", code="too_large")
    return b"".join(chunks)


def _content_type(body: Any) -> dict[str, str]:
    return {} if body is None else {"Content-Type": "application/json"}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
