"""The one door out: every outbound call, with one time limit and one translation of failures.

Nothing but the call itself goes out or comes in: no redirect is followed and no cookie is kept; and nothing is taken
from the environment, neither a proxy (which would also undo the check of addresses), nor a .netrc (which would replace
our credentials), nor a list of trusted certificates. For this there is no `requests.Session`, only its adapter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from threading import local
from typing import Any, Protocol
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

import requests
from requests.exceptions import SSLError
from requests.utils import requote_uri
from urllib3.exceptions import HTTPError

from connectors.addresses import refuse_unless_https
from connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Rejected, RetryLater
from connectors.exchange import exchange
from connectors.kept import adapter

TIME_LIMIT = 20.0
"""Seconds for one call in all: connect, send, wait and read. Looking up a name cannot be interrupted; but when it has
taken too long, nothing is sent."""
SIZE_LIMIT = 32 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD"})
NO_TEXT = re.compile("[\0\ud800-\udfff]")
MAYBE_NO_TEXT = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
"""As JSON writes them; whole pairs of halves are characters again once they are read."""
STANDING_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": "Countinghouse/1"}
before_send: list[Callable[[str, str], None]] = []
"""Called with method and URL before each call; tests assert here that no database transaction is open."""
_here = local()

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
    """What came back. `json()` reads numbers as Decimal, and texts so that every database can keep them; header names are
    case-insensitive."""

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
            found = json.loads(self.body, parse_float=Decimal)
        except ValueError:
            raise unreadable(self) from None
        return storable(found) if MAYBE_NO_TEXT.search(self.body) else found


def storable(value: Any) -> Any:
    """With the sign for what is no character instead of those that a database refuses: NUL, and halves of others."""
    if isinstance(value, dict):
        return {storable(name): storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [storable(inner) for inner in value]
    return NO_TEXT.sub("\ufffd", value) if isinstance(value, str) else value


def unreadable(answer: Answer) -> ConnectorError:
    """An answer that is not what was agreed, such as a maintenance page: after a write, nobody knows what it means."""
    host = urlsplit(answer.url).netloc
    message = f"{host} answered {answer.method} with something that is not JSON (status {answer.status})"
    if answer.method in SAFE_METHODS or answer.status == 503:
        return RetryLater(message, code="not_json")
    return OutcomeUnknown(message, code="not_json")


@contextmanager
def before_each_call(happen: Callable[[], None]) -> Iterator[None]:
    """In this thread, `happen` comes right before each call; what it raises keeps the call from being made. Whoever
    works under a lease renews it so, however many calls one step takes."""
    before = getattr(_here, "happen", None)
    _here.happen = happen
    try:
        yield
    finally:
        _here.happen = before


class Http:
    """Calls to one base URL. `send` returns 2xx and 4xx answers (the vendor's folder names those); it raises
    RateLimited on 429, RetryLater and OutcomeUnknown on everything that is not an answer."""

    def __init__(
        self,
        base_url: str,
        *,
        budget: Budget | None = None,
        time_limit: float = TIME_LIMIT,
        wait: Callable[[Mapping[str, str]], float] | None = None,
    ) -> None:
        """`wait` reads from the headers of a 429 how many seconds it asks for, where a vendor has headers of its own."""
        self.base_url = base_url.rstrip("/")
        self.budget = budget or NoBudget()
        self.time_limit = time_limit
        self.wait = wait or retry_after

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
        refuse_unless_https(url)
        safe = safe or method in SAFE_METHODS
        self.budget.take(kind or ("read" if method in SAFE_METHODS else "write"))
        request = _prepared(
            method,
            url,
            query if isinstance(query, str) else urlencode(query or (), doseq=True),
            {**STANDING_HEADERS, **_content_type(body), **(headers or {})},
            form if form is not None else (None if body is None else json.dumps(body, default=_plain)),
        )
        return _judged(self._exchanged(request, safe), safe, self.wait)

    def _exchanged(self, request: requests.PreparedRequest, safe: bool) -> Answer:
        method, url = str(request.method), str(request.url)
        for hook in before_send:
            hook(method, url)
        if happen := getattr(_here, "happen", None):
            happen()
        with exchange(self.time_limit) as call:
            try:
                with adapter().send(request, stream=True, timeout=self.time_limit) as response:
                    return Answer(method, url, response.status_code, response.headers, _read(response, safe))
            except (OSError, HTTPError) as error:
                raise _failure(error, urlsplit(url).netloc, sent=call.sent, safe=safe) from error
            except UnicodeError:
                raise _unsendable() from None


def _prepared(method: str, url: str, query: str, headers: Mapping[str, str], data: Any) -> requests.PreparedRequest:
    """As `requests` would prepare it, which takes as long as the call itself: it takes each address to pieces anew,
    letter by letter, and looks for cookies and logins that we never have."""
    request = requests.PreparedRequest()
    try:
        request.method, request.url = method, _address(urlsplit(url), query)
        request.prepare_headers(headers)
        request.prepare_body(data, None)
    except ValueError:
        raise _unsendable() from None
    return request


def _address(parts: SplitResult, query: str) -> str:
    asked = "&".join(filter(None, (parts.query, query)))
    return _origin(parts.scheme, parts.netloc) + requote_uri(urlunsplit(("", "", parts.path or "/", asked, "")))


@lru_cache(maxsize=1_000)
def _origin(scheme: str, host: str) -> str:
    """As it is written on the way: names in other scripts encoded. Raises ValueError."""
    return str(requests.Request("GET", f"{scheme}://{host}").prepare().url).removesuffix("/")


def _unsendable() -> Rejected:
    """Does not repeat what was found, for that may be a secret."""
    message = "the address or a secret of this connection holds a character that cannot be sent, such as a line break"
    return Rejected(message, code="not_sendable")


def _read(response: requests.Response, safe: bool) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_content(65536):
        chunks.append(chunk)
        size += len(chunk)
        if size > SIZE_LIMIT:
            raise (Rejected if safe else OutcomeUnknown)("the answer is larger than 32 MB", code="too_large")
    return b"".join(chunks)


def _failure(error: Exception, host: str, *, sent: bool, safe: bool) -> ConnectorError:
    """What it means that no answer came. Where it happened decides, not what it is called: the same TLS error may stop
    a handshake or cut off an answer."""
    if not sent and isinstance(error, SSLError):
        return RetryLater(f"{host} offers no secure connection that we can trust", code="tls")
    if not sent:
        return RetryLater(f"{host} cannot be reached", code="unreachable")
    if safe:
        return RetryLater(f"{host} did not answer", code="no_answer")
    return OutcomeUnknown(f"{host} did not answer; the request may have arrived", code="no_answer")


def _judged(answer: Answer, safe: bool, wait: Callable[[Mapping[str, str]], float]) -> Answer:
    host = urlsplit(answer.url).netloc
    if answer.status == 429:
        raise RateLimited(f"{host} asked us to slow down", wait=wait(answer.headers))
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


def _content_type(body: Any) -> dict[str, str]:
    return {} if body is None else {"Content-Type": "application/json"}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
