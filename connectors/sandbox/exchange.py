"""What comes in and what goes out, as values: a simulator needs no socket to be asked something."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Call:
    """One request to a sandbox. `params` are the path's named groups; `query` keeps order and repeats. Over a socket
    the names of `headers` are case-insensitive."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    params: Mapping[str, str] = field(default_factory=dict)
    raw_query: str = ""

    def json(self) -> Any:
        """Raises ValueError. Numbers are read as Decimal."""
        return json.loads(self.body or b"null", parse_float=Decimal)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.query if key == name), default)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str) and self.content_type != "application/json":
            return self.body.encode()
        return b"" if self.status == 204 else json.dumps(self.body, default=_number).encode()


@dataclass(frozen=True)
class Dropped:
    """No answer: the connection is closed, or reset so that the caller's next read fails at once."""

    reset: bool = False


Route = Callable[[Call], Reply]


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
