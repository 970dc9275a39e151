"""Something that goes wrong: what it strikes, and what becomes of the call."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.exchange import Call, Dropped, Reply, Route

KINDS = frozenset({"status", "delay", "hang", "lost", "late", "belated", "reset"})


@dataclass
class Fault:
    """It strikes the calls whose method and path match, `times` times (-1 = for ever), each with `probability`.

    kind: "status" (answers `status` with `body`, nothing done), "delay" (`seconds`, then as usual), "hang" (work
    undone, no answer for `seconds`), "lost" (**work done, the connection dropped before the answer**), "late" (work
    done, the answer after `seconds`), "belated" (the connection dropped at once, **work done after `seconds`**),
    "reset" (connection reset, nothing done).
    """

    kind: str
    path: str = ".*"
    method: str = ".*"
    times: int = 1
    probability: float = 1.0
    status: int = 500
    seconds: float = 30.0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no fault of kind {self.kind!r}; there are {', '.join(sorted(KINDS))}")

    def strikes(self, call: Call, dice: random.Random) -> bool:
        if self.times == 0 or not re.fullmatch(self.method, call.method) or not re.search(self.path, call.path):
            return False
        if dice.random() >= self.probability:
            return False
        self.times -= 1
        return True

    def play(self, call: Call, answer: Route) -> Reply | Dropped:
        """`answer` does the work; whether it is called, and whether anybody hears of it, is the fault's doing."""
        if self.kind == "status":
            return Reply(self.status, self.body, self.headers)
        if self.kind == "reset":
            return Dropped(reset=True)
        if self.kind == "belated":
            threading.Timer(float(self.seconds), answer, [call]).start()
            return Dropped()
        if self.kind in ("delay", "hang"):
            time.sleep(float(self.seconds))  # set from outside, it is a Decimal
        if self.kind == "hang":
            return Dropped()
        reply = answer(call)
        if self.kind == "late":
            time.sleep(float(self.seconds))
        return Dropped() if self.kind == "lost" else reply
