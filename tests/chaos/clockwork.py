"""A machine whose clock jumps, hours forward and hours back. What is only waited for goes on as ever."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import time_machine

from tests.chaos.fuses import at_each_point

FARTHEST = 6 * 3600.0
"""Seconds by which a clock may be wrong, either way."""
OWN = "own"
OFTEN = 0.01
"""How many of the points make a clock of one's own jump."""


def begin_jumping(clock: str) -> None:
    """`clock` is "own", or the file that says how wrong the one clock of all processes is: SQLite serves one machine."""
    machine = Own() if clock == OWN else Shared(Path(clock))
    at_each_point(machine.look)
    machine.look()


class Machine:
    def __init__(self) -> None:
        self.wrong_by = 0.0
        self._travel = time_machine.travel(dt.datetime.now(dt.UTC), tick=True).start()

    def look(self) -> None:
        raise NotImplementedError

    def jump(self, wrong_by: float) -> None:
        self._travel.shift(dt.timedelta(seconds=wrong_by - self.wrong_by))
        self.wrong_by = wrong_by


class Own(Machine):
    """Nobody else's clock shows the same."""

    def look(self) -> None:
        dice = random.SystemRandom()
        if not self.wrong_by or dice.random() < OFTEN:
            self.jump(dice.uniform(-FARTHEST, FARTHEST))


class Shared(Machine):
    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__()

    def look(self) -> None:
        wrong_by = float(self.file.read_text())
        if wrong_by != self.wrong_by:
            self.jump(wrong_by)
