"""What the store says when it says no: V2 a list, V3 an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sandbox import Reply

TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"


class Refused(Exception):
    """Raised by a view; becomes the error answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body

    def reply(self) -> Reply:
        return Reply(self.status, self.body)


def v2(status: int, message: str, details: Mapping[str, Any] | None = None) -> Refused:
    return Refused(status, [{"status": status, "message": message, **({"details": details} if details else {})}])


def v3(status: int, title: str, errors: Mapping[str, str] | None = None) -> Refused:
    return Refused(status, {"status": status, "title": title, "type": TYPE, "errors": dict(errors or {})})


def of_version(path: str, status: int, words: str) -> Refused:
    return v3(status, words) if "/v3/" in path else v2(status, words)


def not_found_v2() -> Refused:
    return v2(404, "The requested resource was not found.")


def not_writable(field: str) -> Refused:
    message = f"The field '{field}' cannot be written to. Please remove it from your request before trying again."
    return v2(400, message)


def unauthorized(path: str) -> Refused:
    words = (
        "Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store."
        if "/v3/" in path
        else "Unauthorized"
    )
    return of_version(path, 401, words)


def forbidden(path: str) -> Refused:
    return of_version(path, 403, "Unauthorized Access. You do not have permission to make this request.")


def too_many() -> Refused:
    return Refused(429, {"status": 429, "title": "Too many requests", "type": TYPE})
