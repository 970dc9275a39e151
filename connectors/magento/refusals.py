"""What Magento's error answers mean. Texts come unrendered (`%1`, `%name`), and a web server's own page may stand in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import ConnectorError, Gone, NeedsLogin, Rejected, RetryLater
from connectors.http import SAFE_METHODS, Answer
from connectors.magento.reading import text

NO_ROUTE = "does not match any route"
SIGNING = re.compile(r"oauth_|token length|signature|consumer|nonce", re.IGNORECASE)
"""Magento answers some faults of the signature with 400 (2.4.6, framework/Oauth)."""


def accepted(answer: Answer) -> Answer:
    """The answer itself, or the error that says what to do next."""
    if answer.ok:
        return answer
    raise refusal(answer)


def refusal(answer: Answer) -> ConnectorError:
    host = urlsplit(answer.url).netloc
    body = _body(answer)
    if body is None:
        return _foreign_page(answer, host)
    message = said(body) or f"status {answer.status}"
    if answer.status == 401 and answer.method not in SAFE_METHODS and _resources(body):
        return Rejected(_permission_advice(host, _resources(body)), code="not_permitted")
    if answer.status == 401 or (answer.status == 400 and SIGNING.search(message)):
        return NeedsLogin(_login_advice(host, message, body), code="login_refused")
    if answer.status == 403:
        return NeedsLogin(f"{host} forbids this: {message}", code="http_403")
    if answer.status == 404 and NO_ROUTE in message:
        return Rejected(f"{host} has no such REST call: {message}", code="no_route")
    if answer.status == 404:
        return Gone(f"{host}: {message}", code="http_404")
    return Rejected(f"{host} refused this: {message}", code=f"http_{answer.status}")


def said(body: Mapping[str, Any]) -> str:
    """Every message of the body, rendered and decoded, as one line."""
    return " ".join(dict.fromkeys(part for part in _messages(body) if part))


def rendered(message: str, parameters: Any) -> str:
    """`%1` takes the first of a list, `%name` the value of that name; what has no value stays as it is."""
    values = parameters if isinstance(parameters, Mapping) else dict(_numbered(parameters))
    return text(re.sub(r"%(\w+)", lambda match: str(values.get(match[1], match[0])), message))


def _numbered(parameters: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(parameters, list):
        yield from ((str(index), value) for index, value in enumerate(parameters, start=1))


def _messages(body: Mapping[str, Any]) -> Iterator[str]:
    yield rendered(str(body.get("message") or ""), body.get("parameters"))
    for error in body.get("errors") or ():
        yield rendered(str(error.get("message") or ""), error.get("parameters"))


def _body(answer: Answer) -> Mapping[str, Any] | None:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None


def _foreign_page(answer: Answer, host: str) -> ConnectorError:
    """Not Magento's words but a web server's or a firewall's, so it says nothing about the record."""
    if answer.status == 401:
        return NeedsLogin(f"{host} asks for a password in front of the shop", code="http_401")
    if answer.status == 404:
        return Rejected(f"there is no Magento REST API at {host}; look at the connection's address", code="no_rest_api")
    return RetryLater(f"{host} answered with a page of its own (status {answer.status})", code=f"http_{answer.status}")


def _resources(body: Mapping[str, Any]) -> str:
    parameters = body.get("parameters")
    return text(parameters.get("resources")) if isinstance(parameters, Mapping) else ""


def _permission_advice(host: str, resources: str) -> str:
    """Of a write: the same token has just read the record, so it is neither wrong nor revoked."""
    return (
        f"{host} refuses to write with this integration. Tick {resources} among its resources in Magento and save it, "
        "or switch the write-back off in the flow"
    )


def _login_advice(host: str, message: str, body: Mapping[str, Any]) -> str:
    """One body serves for a wrong token, a missing permission and a disabled setting (sheet of 2.4.6)."""
    if resources := _resources(body):
        return (
            f"{host} refuses access to {resources}: the token is wrong or revoked, the integration lacks this "
            "resource, or tokens are not allowed as Bearer tokens"
        )
    if "nonce" in message:
        return f"{host}: {message}. Either the two clocks differ by more than ten minutes, or a call was repeated"
    return f"{host}: {message}"
