"""What the shop says when it says no: messages are sent unrendered, with their parameters beside them."""

from __future__ import annotations

import uuid
from typing import Any

from connectors.sandbox import Reply

MAINTENANCE = """<!doctype html><html><head><title>Error 503: Service Unavailable</title></head>
<body><h1>Service Temporarily Unavailable</h1><p>We are down for maintenance.</p></body></html>"""


class Refused(Exception):
    """Raised by a view; becomes the error answer."""

    def __init__(self, status: int, message: str, parameters: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.parameters = parameters

    def reply(self) -> Reply:
        body = {"message": self.message}
        return Reply(self.status, body | {"parameters": self.parameters} if self.parameters else body)


def invalid(message: str, parameters: Any = None) -> Refused:
    return Refused(400, message, parameters)


def required(field: str) -> Refused:
    return invalid('"%fieldName" is required. Enter and try again.', {"fieldName": field})


def unauthorized(message: str) -> Refused:
    return Refused(401, message)


def not_allowed(resource: str) -> Refused:
    """The same for a wrong token, a revoked one, a missing permission and bearer tokens switched off."""
    return Refused(401, "The consumer isn't authorized to access %resources.", {"resources": resource})


def missing() -> Refused:
    return Refused(404, "The entity that was requested doesn't exist. Verify the entity and try again.")


def no_such(field: str, value: Any) -> Refused:
    return Refused(404, "No such entity with %fieldName = %fieldValue", {"fieldName": field, "fieldValue": value})


def no_route() -> Refused:
    return Refused(404, "Request does not match any route.")


def internal() -> Refused:
    report = f"webapi-{uuid.uuid4().hex[:13]}"
    return Refused(500, f"Internal Error. Details are available in Magento log file. Report ID: {report}")


def maintenance() -> Reply:
    """An HTML page even for REST, without a Retry-After."""
    return Reply(503, MAINTENANCE, content_type="text/html")
