"""The simulators as the demo knows them: what to connect, and what to ask of the stores."""

from __future__ import annotations

import datetime as dt
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors import registry

CARELESS = {"duplicate": 0.3, "drop": 0.15, "shuffle": True, "hold": True}
"""Webhooks as bad days bring them: some twice, some never, none in order."""


@dataclass(frozen=True)
class Simulated:
    """One simulator: its address, and the settings with which the hub connects to it."""

    kind: str
    url: str
    settings: Mapping[str, str]

    @property
    def role(self) -> str:
        return registry.connector(self.kind).role

    @property
    def name(self) -> str:
        """Of its connection."""
        return self.role if self.role == "books" else f"{self.kind}-{self.role}"

    def open_hooks(self, public_url: str) -> None:
        target = {"url": f"{public_url}/webhooks/{self.name}/", "secret": self.settings.get("webhook_secret", "")}
        self._post("hooks", target | CARELESS)

    def trade(self, orders: int, seed: int, day: dt.date) -> None:
        self._post("trade", {"orders": orders, "seed": seed, "day": day.isoformat(), "bad": True})

    def deliver(self) -> Mapping[str, int]:
        """How many webhooks were queued, dropped, repeated and delivered."""
        found: Mapping[str, int] = self._post("deliver", {})
        return found

    def _post(self, what: str, body: Mapping[str, Any]) -> Any:
        request = urllib.request.Request(  # noqa: S310 - our own simulator, not the outside world
            f"{self.url}/_sandbox/{what}", data=json.dumps(body).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310
            return json.load(response)


def read_announcement(line: bytes) -> list[Simulated]:
    """What `manage.py sandbox --json` printed."""
    found = json.loads(line)
    return [Simulated(kind, one["url"], one["settings"]) for kind, one in found.items()]
