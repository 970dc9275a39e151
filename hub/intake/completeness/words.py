"""How what was counted is said to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.base import Resource

SAID = 10
"""Numbers that a sentence can hold."""


def called(resource: Resource[Any], number: int = 2) -> str:
    """`order`, `orders`."""
    return f"{(resource.label or resource.name).lower()}{'' if number == 1 else 's'}"


def enumerated(names: Sequence[str]) -> str:
    """`1001, 1002 and 1003`; `1001, 1002 … and 27 more`."""
    if len(names) > SAID:
        return f"{', '.join(names[:SAID])} … and {len(names) - SAID:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
