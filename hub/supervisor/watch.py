"""What is wrong with a cluster, told from its signs of life. django-q2 can look healthy and be deaf."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds. `grace` is longer than a worker's drain (45 s), `patience` longer than a task may run (93 s). `memory`:
    megabytes that one process may hold, well above those at which django-q2 replaces a worker (400). `start`: until the
    first sign of life is missed, on a machine that has just booted and is busy."""

    grace: float = 60.0
    patience: float = 100.0
    silence: float = 30.0
    memory: float = 800.0
    start: float = 70.0


class Watch:
    """One cluster's life so far. Times are those of a steady clock."""

    def __init__(self, limits: Limits, now: float) -> None:
        self.limits = limits
        self.beat = now + limits.start
        self.asked = self.beat - limits.patience
        self.waiting_since: float | None = None
        self.died = False

    def saw(self, signs: Iterable[str], now: float) -> None:
        for sign in signs:
            if sign == "beats":
                self.beat = now
            elif sign == "asks":
                self.asked = now
            elif sign == "took":
                self.waiting_since = self.waiting_since or now
            elif sign == "started":
                self.waiting_since = None
            elif sign == "died":
                self.died = True

    def complaint(self, now: float) -> str:
        """Why this cluster must be killed; empty while it is well."""
        patience, silence = self.limits.patience, self.limits.silence
        if self.died:
            return "one of its processes died, and the others may wait for it for ever"
        if now - self.beat > silence:
            return "its sentinel has fallen silent"
        if self.waiting_since is not None and now - self.waiting_since > patience:
            return f"no worker has taken up a task for {patience:.0f} s"
        if now - self.asked > patience + silence:
            return "nobody asks the database for work"
        return ""
