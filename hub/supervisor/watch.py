"""What is wrong with a cluster, told from its signs of life. django-q2 can look healthy and be deaf."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds. `grace` is longer than a worker's drain (45 s), `patience` longer than a task may run (93 s)."""

    grace: float = 60.0
    patience: float = 100.0
    silence: float = 30.0


class Watch:
    """One cluster's life so far. Times are those of a steady clock."""

    def __init__(self, limits: Limits, now: float) -> None:
        self.limits = limits
        self.beat = self.asked = self.moved = now
        self.taken = 0
        self.died = False

    def saw(self, signs: Iterable[str], now: float) -> None:
        for sign in signs:
            if sign == "beats":
                self.beat = now
            elif sign == "asks":
                self.asked = now
            elif sign == "took":
                self._took(now)
            elif sign == "started":
                self._started(now)
            elif sign == "died":
                self.died = True

    def complaint(self, now: float) -> str:
        """Why this cluster must be killed; empty while it is well."""
        if self.died:
            return "one of its processes died, and the others may wait for it for ever"
        if now - self.beat > self.limits.silence:
            return f"its sentinel has been silent for {self.limits.silence:.0f} s"
        if self.taken and now - self.moved > self.limits.patience:
            return f"a task has been waiting for a worker for {self.limits.patience:.0f} s"
        if now - self.asked > self.limits.patience + self.limits.silence:
            return "nobody asks the database for work"
        return ""

    def _took(self, now: float) -> None:
        if not self.taken:
            self.moved = now
        self.taken += 1

    def _started(self, now: float) -> None:
        """Signs of two processes may overtake each other, so the count never goes below nothing."""
        self.taken = max(0, self.taken - 1)
        self.moved = now
