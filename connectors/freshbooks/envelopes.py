"""Their errors, in any of the five shapes that coexist, read into one.

A 200 may hold an error too (features that the plan or the role lacks), so every answer is read here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.http import Answer

GRPC_UNAUTHENTICATED = 16


@dataclass(frozen=True)
class Complaint:
    """One error of theirs. `errno` is their number as text, or their word where they give no number."""

    message: str
    errno: str = ""
    field: str = ""
    value: Any = None
    object: str = ""
    denied: bool = False


def content(answer: Answer) -> Any:
    """The body of an answer that is not a success, which need not be JSON."""
    try:
        return json.loads(answer.body, parse_float=Decimal)
    except ValueError:
        return {}


def complaints(body: Any) -> list[Complaint]:
    """Every error in an answer; none where there is no error."""
    if not isinstance(body, dict):
        return []
    response = body.get("response")
    errors = (response.get("errors") if isinstance(response, dict) else None) or body.get("errors")
    if errors:
        return [_classic(error) for error in (errors if isinstance(errors, list) else [errors])]
    if "response" in body:
        return []
    details = body.get("details") or []
    return [_detailed(detail, body) for detail in details if isinstance(detail, dict)] or _bare(body)


def _classic(error: Any) -> Complaint:
    if not isinstance(error, dict):
        return Complaint(str(error))
    return Complaint(
        message=str(error.get("message") or "no reason given"),
        errno=str(error.get("errno") or ""),
        field=str(error.get("field") or ""),
        value=error.get("value"),
        object=str(error.get("object") or ""),
    )


def _detailed(detail: Mapping[str, Any], body: Mapping[str, Any]) -> Complaint:
    """The newer shape: the errno is `reason`, as text, and the rest is metadata. Older webhook calls list
    `fieldViolations` instead."""
    metadata = detail.get("metadata") or {}
    violation: Mapping[str, Any] = next(iter(detail.get("fieldViolations") or []), {})
    return Complaint(
        message=str(metadata.get("message") or violation.get("description") or body.get("message")),
        errno=str(detail.get("reason") or ""),
        field=str(metadata.get("field") or violation.get("field") or ""),
        value=metadata.get("value"),
        object=str(metadata.get("object") or ""),
        denied=body.get("code") == GRPC_UNAUTHENTICATED,
    )


def _bare(body: Mapping[str, Any]) -> list[Complaint]:
    """{"error": …, "error_description": …} of the login, {"errno": …, "message": …, "details": ["event: …"]} of the
    webhook calls, and whatever else has no `response`."""
    if not body.keys() & {"error", "errno", "error_type", "message"}:
        return []
    details = [str(detail) for detail in body.get("details") or []]
    word = body.get("errno") or body.get("error_type") or body.get("error") or ""
    message = body.get("error_description") or body.get("message") or word
    named, colon, _ = details[0].partition(":") if details else ("", "", "")
    return [
        Complaint(
            message=" ".join([str(message), *details]),
            errno=str(word),
            field=named if colon else "",
            denied=body.get("code") == GRPC_UNAUTHENTICATED,
        )
    ]
