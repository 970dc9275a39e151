"""Processes that are killed and started again until the work is done, as seen from the test."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

from hub.supervisor.child import die_with_parent
from tests.chaos.hurry import ENVIRONMENT
from tests.chaos.processes import environment

Ended = Callable[["Life"], None]
LONGEST_LIFE = 300
"""Points: an order takes about a hundred."""


def settings(**more: str) -> dict[str, str]:
    """With which every process of the suite runs, on the test's own database."""
    return {**environment(), **ENVIRONMENT, "DJANGO_SETTINGS_MODULE": "tests.chaos.settings", **more}


class Life:
    """One forked process. `signal` is 9 where it was killed; `code` is its exit status otherwise."""

    def __init__(self, then: Ended | None) -> None:
        self.pid, self.signal, self.code = 0, 0, 0
        self._then, self._born, self._over = then, Event(), Event()

    @property
    def killed(self) -> bool:
        return self.signal == signal.SIGKILL

    def wait(self, seconds: float = 120) -> Life:
        assert self._over.wait(seconds), "it lives for too long"
        return self

    def stop(self) -> None:
        if self._born.wait(5) and not self._over.is_set():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def told(self, pid: int = 0, signal: int = 0, code: int = 0) -> None:
        if pid:
            self.pid = pid
            self._born.set()
            return
        self.signal, self.code = signal, code
        self._over.set()
        if self._then:
            self._then(self)


class Zygote:
    """The handle of `tests.chaos.zygote`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lives: dict[int, Life] = {}
        self._ids = itertools.count(1)
        Thread(target=self._listen, daemon=True).start()

    def start(self, do: str, *, then: Ended | None = None, **how: Any) -> Life:
        id = next(self._ids)
        life = self._lives[id] = Life(then)
        assert self._process.stdin
        print(json.dumps({"id": id, "do": do, **how}), file=self._process.stdin, flush=True)
        return life

    def run(self, do: str, **how: Any) -> Life:
        return self.start(do, **how).wait()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            told: Mapping[str, int] = json.loads(line)
            self._lives[told["id"]].told(**{name: value for name, value in told.items() if name != "id"})


@contextmanager
def zygote() -> Iterator[Zygote]:
    """On the test's own database, which must have been made."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.zygote"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=settings(),
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        yield Zygote(process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Fleet:
    """Workers that begin a new life whenever one ends. `ends` counts how; a life that raised is a crash."""

    def __init__(self, zygote: Zygote, dice: random.Random, *, longest: int = LONGEST_LIFE, clock: str = "") -> None:
        self.ends: Counter[str] = Counter()
        self._zygote, self._dice, self._longest, self._clock = zygote, dice, longest, clock
        self._at_work: list[Life] = []
        self._closing = False

    def begin(self, *threads: int) -> None:
        """One worker with so many threads each."""
        for number in threads:
            self._begin(number)

    def stop(self) -> None:
        """Politely, and waits for their ends."""
        self._closing = True
        for life in self._at_work:
            life.stop()
        for life in self._at_work:
            life.wait()

    def _begin(self, threads: int) -> None:
        points = self._dice.randint(1, self._longest) if self._longest else 0
        how = {"threads": threads, "points": points, "clock": self._clock}
        self._at_work.append(self._zygote.start("work", then=lambda life: self._again(life, threads), **how))

    def _again(self, life: Life, threads: int) -> None:
        self._at_work = [one for one in self._at_work if one is not life]
        if not self._closing:
            self.ends["killed" if life.killed else "raised"] += 1
            self._begin(threads)
