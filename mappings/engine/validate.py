"""What was built becomes a document, or a list of problems that a bookkeeper understands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from connectors.documents import Document
from mappings.engine import paths, schema, values
from mappings.engine.errors import MappingError, Problem, shown

D = TypeVar("D", bound=Document)
Location = tuple[int | str, ...]


def validate(document_class: type[D], built: dict[str, Any]) -> D:
    """Raises MappingError with everything that is wrong. A number or date in a text field becomes text."""
    try:
        return document_class.model_validate(_texts_written(document_class, built))
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise MappingError([_problem(document_class, one) for one in found if not _follows(one, found)]) from None


def _follows(error: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """A list counts as too short because its elements are wrong: only those are worth saying."""
    depth = len(error["loc"])
    inner = (one["loc"] for one in found if len(one["loc"]) > depth)
    return error["type"] == "too_short" and any(one[:depth] == error["loc"] for one in inner)


def _texts_written(document_class: type[Document], built: dict[str, Any]) -> dict[str, Any]:
    try:
        document_class.model_validate(built)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            if one["type"] == "string_type" and not values.is_empty(one["input"]) and _is_single(one["input"]):
                built = _replaced(built, one["loc"], values.text(one["input"]))
    return built


def _is_single(value: Any) -> bool:
    return not isinstance(value, dict | list | tuple)


def _replaced(inside: Any, location: Location, value: Any) -> Any:
    """A copy with the value at that place."""
    if not location:
        return value
    place, *rest = location
    copy: Any = inside.copy()
    copy[place] = _replaced(copy[place], tuple(rest), value)
    return copy


def _problem(document_class: type[Document], error: ErrorDetails) -> Problem:
    field = ".".join(str(part) for part in error["loc"])
    value = None if error["type"] == "missing" else error["input"]
    message, remedy = _said(document_class, error, value)
    return Problem(field, paths.plain(value), f"{_place(error['loc'])}{message}", remedy)


def _place(location: Sequence[int | str]) -> str:
    """Where in a list, as people count."""
    numbers = [part + 1 for part in location if isinstance(part, int)]
    return f"In number {'.'.join(map(str, numbers))} of the list: " if numbers else ""


def _said(document_class: type[Document], error: ErrorDetails, value: Any) -> tuple[str, str]:
    """What is wrong, and what to do."""
    kind, limits = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "It is missing.", "Add a rule for it, or give its rule a default."
    if kind == "extra_forbidden":
        offered = ", ".join(schema.siblings(document_class, error["loc"]))
        return "There is no such field.", f"Remove the rule, or choose one of {offered}."
    if kind == "value_error":
        said = str(limits.get("error", error["msg"]))
        return f"{said[:1].upper()}{said[1:]}.", "Correct the rules that fill it."
    if values.is_empty(value):
        return "It is empty.", "Choose a source that is filled, or give the rule a default."
    if kind in _WORDS:
        return f"{shown(value)} is {_WORDS[kind]}.", "Choose another source, or a transform that makes it one."
    if kind == "string_pattern_mismatch":
        meaning = schema.description(document_class, error["loc"]) or f"text of the form {limits.get('pattern')}"
        return f"{shown(value)} is not the {meaning} expected.", "Use a transform or a lookup table to translate it."
    return f"{shown(value)} does not fit: {error['msg'].lower()}.", "Correct the rule, or the record in its source."


_WORDS = {
    "decimal_parsing": "not an amount",
    "decimal_type": "not an amount",
    "string_type": "not text",
    "date_type": "not a date",
    "date_parsing": "not a date",
    "date_from_datetime_parsing": "not a date",
    "date_from_datetime_inexact": "an instant and not a date",
    "int_parsing": "not a whole number",
    "int_type": "not a whole number",
    "int_from_float": "not a whole number",
    "bool_parsing": "neither yes nor no",
    "finite_number": "not an amount",
}
