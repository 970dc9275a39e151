"""What goes wrong outside of the hub: calls, webhooks, the database, the clock."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.utils import InterfaceError, OperationalError

from connectors.sandbox import Fault, Sandbox
from hub.models import Attempt, WebhookRequest
from tests.chaos.clockwork import FARTHEST

AWAY = (OperationalError, InterfaceError)
GLANCE = 0.1
"""Seconds from one look at the progress to the next."""
PROBABILITY = 0.2
"""That a call meets with a fault."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}, "rarely": 4},
    {"kind": "hang", "seconds": 0.5},
    {"kind": "hang", "seconds": 2.5, "rarely": 4},
    {"kind": "lost"},
    {"kind": "lost"},
    {"kind": "late", "seconds": 0.5},
    {"kind": "late", "seconds": 2.5, "rarely": 4},
    {"kind": "belated", "seconds": 1.0},
    {"kind": "reset"},
)
"""A call is given up after two seconds, a doubt looked at after three; a 429 stops everybody for a second."""


def faults(probability: float = PROBABILITY) -> list[Fault]:
    """Each alike often, but for the rare ones; together they have this probability."""
    weights = [1 / fault.get("rarely", 1) for fault in FAULTS]
    left, made = 1.0, []
    for fault, weight in zip(FAULTS, weights, strict=True):
        share = probability * weight / sum(weights)
        known = {name: value for name, value in fault.items() if name != "rarely"}
        made.append(Fault(**known, times=-1, probability=share / left))
        left -= share
    return made


def struck(sandbox: Sandbox) -> int:
    """How many calls the endless faults have met."""
    return sum(-1 - fault.times for fault in sandbox.faults)


Progress = Callable[[], float | None]
"""None while nobody can tell."""


def attempts() -> float | None:
    """How many have come to an end, whatever it was."""
    return _counted(Attempt.objects.exclude(outcome__in=["", "died"]))


def requests() -> float | None:
    """How many webhooks were let in."""
    return _counted(WebhookRequest.objects.all())


def _counted(rows: QuerySet[Any]) -> float | None:
    try:
        return float(rows.count())
    except AWAY:
        connection.close()
        return None


class Trouble:
    """Something that happens again and again, in a thread: each time that `progress` has grown by `few` to `many`. So
    it leaves a slow machine as much time to recover as a fast one. `count` says how often it did."""

    def __init__(self, dice: random.Random, progress: Progress, few: float, many: float) -> None:
        self.count = 0
        self._dice, self._progress, self._few, self._many = dice, progress, few, many
        self._over = Event()
        self._thread = Thread(target=self._go_on, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def happen(self) -> None:
        raise NotImplementedError

    def _go_on(self) -> None:
        due: float | None = None
        try:
            while not self._over.wait(GLANCE):
                reached = self._progress()
                if reached is not None and due is not None and reached >= due:
                    self.happen()
                    due = None
                elif reached is not None and due is None:
                    due = reached + self._dice.uniform(self._few, self._many)
        finally:
            connection.close()


class Crashes(Trouble):
    """PostgreSQL loses one of its processes, throws everybody out and recovers from its log."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__(dice, attempts, 3, 30)

    def happen(self) -> None:
        with suppress(*AWAY, ProcessLookupError):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                backends = [row[0] for row in cursor.fetchall()]
            os.kill(self._dice.choice(backends), signal.SIGKILL)
            self.count += 1
        connection.close()

    def end(self) -> None:
        """Whoever ends it finds the database as it was."""
        super().end()
        connection.close()
        while attempts() is None:
            time.sleep(GLANCE)


class ClockJumps(Trouble):
    """The one clock of a machine, which all of its processes read. A call is given up before it jumps again."""

    def __init__(self, dice: random.Random, file: Path) -> None:
        super().__init__(dice, time.monotonic, 5.0, 7.0)
        self.file = file
        self._set(0)

    def happen(self) -> None:
        self._set(self._dice.uniform(-FARTHEST, FARTHEST))
        self.count += 1

    def end(self) -> None:
        """Everything that was planned while it was ahead is over."""
        super().end()
        self._set(FARTHEST + 3600)

    def _set(self, seconds: float) -> None:
        draft = self.file.with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.replace(self.file)


def durable() -> None:
    """What is committed must outlive a crash; the tests' server is set not to care."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} SET synchronous_commit = on")
