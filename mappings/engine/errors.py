"""What a mapping can say: every problem at once, each with its field, its value and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

SHOWN = 120
"""Characters of a value that a message repeats."""


@dataclass(frozen=True)
class Problem:
    """`field` is the target's path; `message` says what is wrong, `remedy` what a person can do about it."""

    field: str
    value: Any
    message: str
    remedy: str

    def __str__(self) -> str:
        what = f"{self.field}: {self.message}" if self.field else self.message
        return f"{what} {self.remedy}".strip()

    def as_dict(self) -> dict[str, str]:
        """For the record's page: plain text throughout."""
        return asdict(self) | {"value": shown(self.value)}


class MappingError(Exception):
    """A document could not be built. `problems` holds all that is wrong with it, in the order of the rules."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Trouble(Exception):
    """What a function, transform or formula says of its own input; `build` adds the field."""

    def __init__(self, message: str, remedy: str = "", *, value: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.value = value


def shown(value: Any) -> str:
    """A value as a message repeats it."""
    if value is None or value == "":
        return "(empty)"
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
