"""Catches the webhooks that a simulated store sends, so that they can be sent at a known moment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from connectors.sandbox import Call, Reply
from connectors.sandbox.server import listen


@dataclass
class Caught:
    url: str = ""
    webhooks: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    at: float = 0.0

    def take(self, call: Call) -> Reply:
        self.webhooks.append((call.body, {name: value for name, value in call.headers.items() if _own(name)}))
        self.at = time.monotonic()
        return Reply(202)

    def quiet_for(self, seconds: float) -> bool:
        return bool(self.webhooks) and time.monotonic() - self.at > seconds

    def last(self) -> tuple[bytes, dict[str, str]]:
        """The newest, which tells of the order as it is; the others are forgotten."""
        newest = self.webhooks[-1]
        self.webhooks.clear()
        return newest


def _own(name: str) -> bool:
    """What the sender said, apart from how it was sent."""
    return name.lower() not in ("host", "content-length", "connection", "accept-encoding", "user-agent")


@contextmanager
def catching() -> Iterator[Caught]:
    caught = Caught()
    server = listen(caught.take, "127.0.0.1", 0)
    caught.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield caught
    server.stop()
