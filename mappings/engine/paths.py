"""Dotted paths: `billing.city`, `lines.0.name`, and `lines.name` for the names of all lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def get(value: Any, path: str) -> Any:
    """The value at the path; None where anything on the way is missing."""
    for part in path.split("."):
        value = step(value, part)
    return value


def step(value: Any, part: str) -> Any:
    """One part further: a key, a field, a list's index, or a field of each of a list's elements."""
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, list | tuple):
        return _index(value, int(part)) if part.isdecimal() else [step(element, part) for element in value]
    if isinstance(value, BaseModel) and _is_readable(type(value), part):
        return getattr(value, part)
    return None


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set the value, making the dicts on the way. Raises KeyError where something else stands in the way."""
    *way, last = path.split(".")
    for part in way:
        document = document.setdefault(part, {})
        if not isinstance(document, dict):
            raise KeyError(part)
    document[last] = value


def plain(value: Any) -> Any:
    """A copy in dicts and lists, so that what is built shares nothing with what it was built from."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields if _says(value, name)}
    if isinstance(value, Mapping):
        return {str(key): plain(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [plain(element) for element in value]
    return value


def _says(value: BaseModel, name: str) -> bool:
    """Some fields are left out while there is nothing to say in them."""
    left_out = type(value).model_fields[name].exclude_if
    return left_out is None or not left_out(getattr(value, name))


def _index(elements: list[Any] | tuple[Any, ...], index: int) -> Any:
    return elements[index] if index < len(elements) else None


def _is_readable(kind: type[BaseModel], name: str) -> bool:
    """Its fields, and the sums that it computes."""
    return name in kind.model_fields or (not name.startswith("_") and isinstance(vars(kind).get(name), property))
