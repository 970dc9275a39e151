"""What is wrong with a file of a gateway, and what a person can do about it."""

from __future__ import annotations

from typing import Any

AGAIN = "Download it from the gateway again, with the days of the payout."
IN_SETTINGS = "upload it with “Show me how it is read”, and say so there."
"""Where a file can be read in more ways than one."""


class Unreadable(ValueError):
    """The file is not taken in. `line` counts from 1; 0: it is about the whole file."""

    def __init__(self, message: str, remedy: str, *, line: int = 0, column: str = "", value: str = "") -> None:
        super().__init__(message)
        self.message, self.remedy, self.line, self.column, self.value = message, remedy, line, column, value

    def told(self) -> dict[str, Any]:
        names = ("line", "column", "value", "message", "remedy")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        where = f"Line {self.line}: " if self.line else ""
        return f"{where}{self.message}. {self.remedy}"


class Unclear(Exception):
    """A person has to say something about the file first, such as what a word in it means."""

    def __init__(self, column: str, value: str) -> None:
        super().__init__(f"It is not clear what {value!r} in the column {column} means")
        self.column, self.value = column, value
