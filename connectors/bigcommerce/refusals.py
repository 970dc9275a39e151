"""What BigCommerce's error answers mean: V2 sends a list of {status, message}, V3 one {status, title, errors}."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.bigcommerce.reading import text
from connectors.errors import ConnectorError, Gone, NeedsLogin, Rejected, RetryLater
from connectors.http import SAFE_METHODS, Answer

SCOPES = (
    ("/transactions", "Order Transactions"),
    ("/payment_actions", "Order Transactions"),
    ("/orders", "Orders"),
    ("/customers", "Customers"),
    ("/catalog", "Products"),
    ("/store", "Information & settings"),
)
"""Part of the path → the scope as the control panel names it. The one for transactions is the most forgotten."""
OPTIONAL = "/metafields"
"""Asked of a few orders only: who may not read them is no reason to read none of the others."""
LOCKED = 423


def accepted(answer: Answer) -> Answer:
    """The answer itself, or the error that says what to do next."""
    if answer.ok:
        return answer
    raise refusal(answer)


def refusal(answer: Answer) -> ConnectorError:
    parts = urlsplit(answer.url)
    host, body = parts.netloc, _body(answer)
    said = "; ".join(dict.fromkeys(filter(None, messages(body)))) or f"status {answer.status}"
    if answer.status == 401:
        return NeedsLogin(f"{host} does not accept the access token: {said}", code="login_refused")
    if answer.status == 403 and answer.method not in SAFE_METHODS:
        return Rejected(f"{host} refuses to write: {said}. {_write_advice(parts.path)}", code="not_permitted")
    if answer.status == 403 and OPTIONAL in parts.path:
        return Rejected(f"{host} forbids this: {said}. {_advice(parts.path)}", code="not_permitted")
    if answer.status == 403:
        return NeedsLogin(f"{host} forbids this: {said}. {_advice(parts.path)}", code="http_403")
    if body is None and answer.status != 404:
        return RetryLater(f"{host} answered with a page of its own (status {answer.status})", code="foreign_page")
    if answer.status == LOCKED:
        return RetryLater(f"{host} has locked this for now: {said}", code="http_423")
    if answer.status == 404:
        return Gone(f"{host} has nothing at {parts.path}: {said}", code="http_404")
    return Rejected(f"{host} refused this: {said}", code=f"http_{answer.status}")


def messages(body: Any) -> Iterator[str]:
    """Every sentence that an error body holds, whatever its version and wrapping."""
    if isinstance(body, list):
        for one in body:
            yield from messages(one)
    elif isinstance(body, Mapping):
        yield from (text(body.get(name)) for name in ("title", "message", "detail", "error"))
        errors = body.get("errors")
        if isinstance(errors, Mapping):
            yield from (f"{field.strip('.')}: {text(told)}" for field, told in errors.items())
        if "data" in body:
            yield from messages(body["data"])


def _write_advice(path: str) -> str:
    """The same token may read, so it is neither wrong nor revoked."""
    return (
        f"Make an API account with the scope “{_scope(path) or 'Orders'}” set to modify and enter its token here, or "
        "switch the write-back off in the flow"
    )


def _scope(path: str) -> str:
    return next((scope for part, scope in SCOPES if part in path), "")


def _advice(path: str) -> str:
    scope = _scope(path)
    named = f"the scope “{scope}”" if scope else "a scope"
    return f"The API account lacks {named}: make a new one with it and enter its token here"


def _body(answer: Answer) -> Any:
    """None for a page of somebody else's."""
    if not answer.body.strip():
        return {}
    try:
        return json.loads(answer.body)
    except ValueError:
        return None
