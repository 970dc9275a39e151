"""What the site says when it does not do what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sandbox import Reply


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str, details: list[Mapping[str, str]] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.details = status, code, details or []

    def reply(self, flagged: bool) -> Reply:
        """`flagged`: this site answers 200 whatever happens, and says in the answer that it failed."""
        error: dict[str, Any] = {"code": self.code, "message": str(self), "details": self.details}
        if flagged and self.status not in (401, 429):
            return Reply(200, {"success": False, "error": error})
        return Reply(self.status, {"error": error}, {"Retry-After": "1"} if self.status == 429 else {})


def missing(what: str, id: str) -> Refused:
    return Refused(404, "NOT_FOUND", f"There is no {what} {id}")


def no_route(path: str) -> Refused:
    return Refused(404, "NO_ROUTE", f"Nothing is served at {path}")


def unauthorized() -> Refused:
    return Refused(401, "UNAUTHORIZED", "The access token is missing, unknown or has ended")


def forbidden() -> Refused:
    return Refused(403, "FORBIDDEN", "This login lacks the scope")


def invalid(field: str, message: str) -> Refused:
    return Refused(422, "VALIDATION", "The request is not valid", [{"field": field, "message": message}])


def too_many() -> Refused:
    return Refused(429, "RATE_LIMITED", "Too many requests")
