"""Counts calls in windows of a minute. Every answer tells how many are left, and how long the window still lasts."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox import Call, Reply

BODIES = {
    "message": ({"message": "API rate limit exceeded"}, "application/json"),
    "errors": ({"response": {"errors": [{"errno": 429, "message": "Too many requests"}]}}, "application/json"),
    "html": ("<html><body><h1>429 Too Many Requests</h1></body></html>", "text/html"),
    "empty": ("", "text/plain"),
}
"""No real one has been seen."""


@dataclass
class Window:
    ends: float
    used: int = 0


@dataclass(frozen=True)
class Allowance:
    limit: int
    remaining: int
    ends: float
    allowed: bool

    @property
    def headers(self) -> dict[str, str]:
        """`Retry-After` comes with successes too."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(math.ceil(self.ends)),
            "Retry-After": str(max(math.ceil(self.ends - time.time()), 0)),
        }


class Rates:
    """POSTs to the accounting paths are one class, everything else is the other."""

    def __init__(self, switch: Mapping[str, Any]) -> None:
        self.switch = switch
        self._windows: dict[str, Window] = {}

    def take(self, call: Call) -> Allowance:
        kind = "write" if call.method == "POST" and call.path.startswith("/accounting/") else "read"
        limit, length = int(self.switch[f"rate_limit_{kind}"]), float(self.switch["rate_window"])
        window = self._windows.get(kind)
        if window is None or window.ends <= time.time():
            window = self._windows[kind] = Window(time.time() + length)
        if window.used >= limit:
            return Allowance(limit, 0, window.ends, allowed=False)
        window.used += 1
        return Allowance(limit, limit - window.used, window.ends, allowed=True)

    def refusal(self) -> Reply:
        body, content_type = BODIES[self.switch["body_429"]]
        return Reply(429, body, content_type=content_type)
