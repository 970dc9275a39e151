"""Who may call, and how often: a token for one store, scopes that can be taken away, and a quota for half a minute that
the store shares with other apps."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from connectors.bigcommerce.sandbox.presenting import HASH
from connectors.bigcommerce.sandbox.refusals import forbidden, too_many, unauthorized
from connectors.sandbox import Call

TOKEN = "sandbox-access-token"  # noqa: S105 - known to everybody
CLIENT_ID, CLIENT_SECRET = "sandboxclientid", "sandbox-client-secret"
WINDOW = 30.0


class Gate:
    def __init__(self, switch: Mapping[str, Any]) -> None:
        self.switch = switch
        self.tokens = {TOKEN}
        self._began, self._used = time.monotonic(), 0

    def check(self, call: Call, scope: str) -> None:
        """Raises Refused."""
        if call.params["hash"] != HASH or call.headers.get("X-Auth-Token") not in self.tokens:
            raise unauthorized(call.path)
        if scope in self.switch["denied"] or (call.method != "GET" and f"{scope}:write" in self.switch["denied"]):
            raise forbidden(call.path)
        self._count()

    def _count(self) -> None:
        if time.monotonic() - self._began > WINDOW:
            self._began, self._used = time.monotonic(), 0
        self._used += 1
        if self._used > self.quota:
            raise too_many()

    @property
    def quota(self) -> int:
        return int(self.switch["quota"])

    def headers(self) -> dict[str, str]:
        """On every answer, also on refusals."""
        ends_in = max(WINDOW - (time.monotonic() - self._began), 0.0)
        return {
            "X-Rate-Limit-Requests-Quota": str(self.quota),
            "X-Rate-Limit-Requests-Left": str(max(self.quota - self._used, 0)),
            "X-Rate-Limit-Time-Window-Ms": str(int(WINDOW * 1000)),
            "X-Rate-Limit-Time-Reset-Ms": str(int(ends_in * 1000)),
        }
