"""Why the books say no: an error number of the vendor's table, the field and the value it disliked."""

from __future__ import annotations

from typing import Any

CONFLICT, REQUIRED, DENIED, INVALID, PARSE = 409, 1001, 1003, 1004, 1005
DELETED, UNKNOWN, PER_PAGE, PAGE, NUMBER, TOO_LONG, PERCENT = 1011, 1012, 1013, 1014, 1015, 1017, 1018
SAME_TAX_TWICE, FILTER_DATE, FILTER_NUMBER, NEGATIVE, DUPLICATE_TAX = 1019, 1023, 1024, 1025, 1026
DUPLICATE, BOOLEAN, FILTER_BOOLEAN, DATE, MAPPING_TYPE, UNICODE, READ_ONLY = 1029, 1031, 1032, 1033, 1035, 1036, 1038
NO_ITEMS = 12001


class Refusal(Exception):
    """`in_success`: answered with status 200 all the same, in the classic envelope, as gated resources are.
    `details`: of the events family, which names every wrong field at once."""

    def __init__(
        self,
        errno: int,
        message: str,
        *,
        status: int = 422,
        object: str = "",
        field: str = "",
        value: Any = "",
        in_success: bool = False,
        details: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.errno = errno
        self.message = message
        self.status = status
        self.object = object
        self.field = field
        self.value = "" if value is None else str(value)
        self.in_success = in_success
        self.details = details or (f"{field}: {message}",)


class Bare(Exception):
    """An answer with a status and nothing else, such as for an id of the wrong kind in the path."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def required(object: str, field: str) -> Refusal:
    return Refusal(REQUIRED, f"'{field}' is a required field.", object=object, field=field)


def not_found(object: str, field: str, value: Any) -> Refusal:
    name = object.replace("_", " ").capitalize()
    return Refusal(UNKNOWN, f"{name} not found.", status=404, object=object, field=field, value=value)


def deleted(object: str, field: str, value: Any) -> Refusal:
    return Refusal(DELETED, f"The {object} has been deleted.", object=object, field=field, value=value)


def denied(message: str = "Permission Denied") -> Refusal:
    return Refusal(DENIED, message, status=403)


def unauthorized() -> Refusal:
    message = "The server could not verify that you are authorized to access the URL requested."
    return Refusal(DENIED, message, status=401)
