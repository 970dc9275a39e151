"""Transforms of lists: one value out of many, or one text of all."""

from __future__ import annotations

from typing import Any

from mappings.engine import functions, values
from mappings.engine.errors import Trouble
from mappings.engine.transforms.catalogue import Argument, transform


@transform("First", "The first of several")
def first(value: Any) -> Any:
    return _many(value)[0]


@transform("Last", "The last of several")
def last(value: Any) -> Any:
    return _many(value)[-1]


@transform("Join", "Puts several into one text, with something between", Argument("between", default=", "))
def join(value: Any, between: str) -> str:
    return functions.join(between, _many(value))


@transform("Split", "Cuts one text into several", Argument("at", default=","))
def split(value: Any, at: str) -> list[str]:
    parts = values.text(value).split(at or None)
    return [part.strip() for part in parts if part.strip()]


def _many(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Trouble("This is one value, not several.", "Leave the transform out.", value=value)
    return list(value)
