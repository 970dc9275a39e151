"""Webhooks on their way out: late, twice, never and in any order, as the hook says."""

from __future__ import annotations

import random
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Queued = tuple[str, bytes, dict[str, str]]
"""URL, body and headers."""


@dataclass(frozen=True)
class Batch:
    """What becomes of the webhooks that were queued."""

    queued: int
    dropped: int
    repeated: int
    going: list[Queued]

    def send(self) -> dict[str, int]:
        delivered = sum(_post(*item) for item in self.going)
        return {"queued": self.queued, "dropped": self.dropped, "repeated": self.repeated, "delivered": delivered}


def mixed_up(queued: list[Queued], hook: Mapping[str, Any], dice: random.Random) -> Batch:
    kept = [item for item in queued if dice.random() >= hook.get("drop", 0)]
    again = [item for item in kept if dice.random() < hook.get("duplicate", 0)]
    going = kept + again
    if hook.get("shuffle"):
        dice.shuffle(going)
    return Batch(len(queued), len(queued) - len(kept), len(again), going)


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> bool:
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - a test's own
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return bool(response.status < 300)
    except OSError:
        return False
