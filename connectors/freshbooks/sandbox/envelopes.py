"""The wrappings of answers: one for success, and a different one for errors in each family of paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.freshbooks.sandbox.refusals import Bare, Refusal
from connectors.sandbox import Call, Reply

GRPC_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 422: 3, 429: 8}
"""The code that goes with a status in the newer envelope."""
EVENTS_MESSAGES = {
    401: "invalid_token: The request token failed to authenticate or validate.",
    404: "Requested resource could not be found.",
    422: "The request was well-formed but was unable to be followed due to semantic errors.",
}


def result(body: Mapping[str, Any]) -> Reply:
    return Reply(body={"response": {"result": body}})


def bare(error: Bare) -> Reply:
    return Reply(error.status, "", content_type="text/plain")


def refused(refusal: Refusal, call: Call, switch: Mapping[str, Any]) -> Reply:
    """The refusal as the family of the called path words it."""
    if call.path.startswith("/events/"):
        return Reply(refusal.status, _events(refusal))
    if not call.path.startswith("/accounting/"):
        return Reply(refusal.status, _login(refusal))
    if refusal.in_success:
        return Reply(200, _classic(refusal, as_object=switch["errors_as_object"]))
    if _wants_classic(call, switch):
        return Reply(refusal.status, _classic(refusal, as_object=switch["errors_as_object"]))
    return Reply(refusal.status, _newer(refusal))


def _wants_classic(call: Call, switch: Mapping[str, Any]) -> bool:
    """Which one is answered without a version header is not known; the SDKs' changelogs tie it to the version."""
    if switch["error_envelope"] == "auto":
        return str(call.headers.get("Api-Version", "")) == "alpha"
    return bool(switch["error_envelope"] == "classic")


def _classic(refusal: Refusal, *, as_object: bool) -> Any:
    error = {
        "errno": refusal.errno,
        "field": refusal.field,
        "message": refusal.message,
        "object": refusal.object,
        "value": refusal.value,
    }
    return {"response": {"errors": error if as_object else [error]}}


def _newer(refusal: Refusal) -> Any:
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": str(refusal.errno),
        "domain": "accounting.api.freshbooks.com",
        "metadata": {
            "object": refusal.object,
            "message": refusal.message,
            "value": refusal.value,
            "field": refusal.field,
        },
    }
    return {
        "code": GRPC_CODES.get(refusal.status, 2),
        "message": f"Request failed with status_code: {refusal.status}",
        "details": [info],
    }


def _events(refusal: Refusal) -> Any:
    body: dict[str, Any] = {
        "errno": refusal.status,
        "message": EVENTS_MESSAGES.get(refusal.status, refusal.message),
    }
    return body | {"details": [*refusal.details]} if refusal.status == 422 else body


def _login(refusal: Refusal) -> Any:
    if refusal.status != 401:
        return {"error": "forbidden", "error_description": refusal.message}
    return {
        "error": "unauthenticated",
        "error_description": "This action requires authentication to continue.",
    }
