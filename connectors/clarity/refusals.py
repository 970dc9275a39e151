"""What a site's failures mean: by status, by the words in its error, and in answers that are called 200 all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from connectors.clarity.endpoints import NEEDED
from connectors.clarity.reading import at, text
from connectors.errors import ConnectorError, Gone, NeedsLogin, RateLimited, Rejected, RetryLater
from connectors.http import SAFE_METHODS, Answer, retry_after

WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("gone", re.compile(r"not_?found|404|does_?not_?exist|unknown_?(id|record|order|customer)|no_such", re.IGNORECASE)),
    ("forbidden", re.compile(r"forbidden|403|scope|permission|access_?denied", re.IGNORECASE)),
    ("login", re.compile(r"unauthor|unauthenticated|401|token|credential|login", re.IGNORECASE)),
    ("limited", re.compile(r"rate|thrott|too_?many|429|quota", re.IGNORECASE)),
)
"""What words in an error's code say. Of the rest nothing is known."""
NOT_PERMITTED = "not_permitted"
FALSE = ("false", "0", "no", "error", "failed", "failure", "fail")


@dataclass(frozen=True)
class Shape:
    """How this site says that something went wrong."""

    code_path: str = "$.error.code"
    message_path: str = "$.error.message"
    success_path: str = ""
    retry_on: frozenset[int] = field(default_factory=lambda: frozenset({408, 425}))


def accepted(answer: Answer, shape: Shape, call: str) -> Any:
    """The body of a success; or the error that says what to do next is raised. `call` is its name among the addresses."""
    if not answer.ok:
        raise refused(answer, shape, call)
    if answer.status == 204 or not answer.body:
        return None
    body = answer.json()
    if shape.success_path and failed(body, shape.success_path):
        raise _by_word(answer, body, shape, call)
    return body


def failed(body: Any, path: str) -> bool:
    """Only a flag that says so; an answer without one is as its status says."""
    flag = at(body, path)
    return flag is not None and str(flag).strip().lower() in FALSE


def refused(answer: Answer, shape: Shape, call: str) -> ConnectorError:
    host = urlsplit(answer.url).netloc
    body = _json(answer)
    said = _said(body, shape)
    if answer.status in shape.retry_on:
        return RetryLater(f"{host} asks to try again ({said or answer.status})", code=f"http_{answer.status}")
    if answer.status == 401:
        return NeedsLogin(f"{host} refuses the login: {said or 'status 401'}", code="http_401")
    if answer.status == 403:
        return _forbidden(host, said or "status 403", call)
    if answer.status in (404, 410) and isinstance(body, Mapping):
        return Gone(f"{host} has no such record: {said or f'status {answer.status}'}", code="http_404")
    if answer.status in (404, 405):
        where = urlsplit(answer.url).path
        return Rejected(f"{host} offers nothing at {where}; look at the connection's addresses", code="no_such_call")
    return Rejected(f"{host} refused this: {said or f'status {answer.status}'}", code=f"http_{answer.status}")


def offers_nothing(error: Rejected) -> bool:
    """Whether it says that there is no such record or call; which of the two, many sites do not tell apart."""
    return isinstance(error, Gone) or error.code == "no_such_call"


def offers_us_nothing(error: Rejected) -> bool:
    """Or none that our login may use."""
    return offers_nothing(error) or error.code == NOT_PERMITTED


def _forbidden(host: str, said: str, call: str) -> ConnectorError:
    """Without its orders a site is of no use, and a login that may not read them is to be mended first. What else it may
    not do, it goes on without."""
    if call in NEEDED:
        return NeedsLogin(f"{host} does not let our login read its orders: {said}", code="http_403")
    return Rejected(
        f"{host} does not let our login do this: {said}. Have it permitted there, or switch {call} off under “Addresses”",
        code=NOT_PERMITTED,
    )


def _by_word(answer: Answer, body: Any, shape: Shape, call: str) -> ConnectorError:
    """Called 200. What failed for a reason unknown may be read again; whether a write may, a person decides."""
    host = urlsplit(answer.url).netloc
    code, said = text(at(body, shape.code_path)), _said(body, shape) or "it does not say why"
    meant = next((meaning for meaning, words in WORDS if words.search(code)), "")
    if meant == "gone":
        return Gone(f"{host} has no such record: {said}", code="gone")
    if meant == "forbidden":
        return _forbidden(host, said, call)
    if meant == "login":
        return NeedsLogin(f"{host} refuses the login: {said}", code="login_refused")
    if meant == "limited":
        return RateLimited(f"{host} asked us to slow down: {said}", wait=retry_after(answer.headers))
    if answer.method in SAFE_METHODS:
        return RetryLater(f"{host} failed, though it answered: {said}", code="failed_with_200")
    return Rejected(f"{host} refused this: {said}", code=code or "failed_with_200")


def _said(body: Any, shape: Shape) -> str:
    """Message and details as one line; some sites answer with a bare text or with a list of errors."""
    if not isinstance(body, Mapping):
        return ""
    found = [text(at(body, shape.message_path)) or text(at(body, "$.message")) or text(at(body, "$.error"))]
    found += _details(at(body, shape.message_path.rpartition(".")[0] + ".details"))
    code = text(at(body, shape.code_path))
    said = "; ".join(dict.fromkeys(filter(None, found)))
    return f"{said} ({code})" if said and code else said or code


def _details(details: Any) -> Iterable[str]:
    for one in details if isinstance(details, list) else ():
        if isinstance(one, Mapping):
            yield ": ".join(filter(None, (text(one.get("field")), text(one.get("message")))))


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return None
