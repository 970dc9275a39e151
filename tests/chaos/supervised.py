"""Workers as an operator starts them, each killed with everything it has started, again and again."""

from __future__ import annotations

import random
import subprocess

from hub.supervisor.child import Child
from hub.supervisor.household import MANAGE
from tests.chaos.fleet import settings
from tests.chaos.troubles import Trouble, attempts

NUMBER = 2


class Supervised(Trouble):
    def __init__(self, dice: random.Random) -> None:
        super().__init__(dice, attempts, 2, 12)
        self._workers: list[Child] = []

    def begin(self) -> None:
        self._workers = [self._start() for _ in range(NUMBER)]
        super().begin()

    def end(self) -> None:
        super().end()
        for worker in self._workers:
            worker.ask_to_stop()
        for worker in self._workers:
            worker.stop(15)

    def happen(self) -> None:
        number = self._dice.randrange(NUMBER)
        self._workers[number].kill()
        self._workers[number] = self._start()
        self.count += 1

    def _start(self) -> Child:
        return Child([*MANAGE, "worker", "--grace", "5"], env=settings(), stdout=subprocess.DEVNULL)
