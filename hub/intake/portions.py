"""Long lists, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

PORTION = 500
"""Values that one statement may name on any database."""
Value = TypeVar("Value")


def portions(values: Sequence[Value], size: int = PORTION) -> Iterator[Sequence[Value]]:
    return (values[start : start + size] for start in range(0, len(values), size))
