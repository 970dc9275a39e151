"""Keeps one cluster working: starts it, listens for its signs of life, kills and replaces it, stops it cleanly."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from hub.supervisor import signs
from hub.supervisor.child import Child
from hub.supervisor.watch import Limits, Watch

TICK = 0.2
HEALTHY = 60.0
"""A cluster that lived this long was not broken from the start."""


class Supervisor:
    """Run until SIGTERM or SIGINT. Killing a cluster is always safe: what it was doing is held by leases that end."""

    def __init__(self, limits: Limits, say: Callable[[str], None]) -> None:
        self.limits = limits
        self.say = say
        self.stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        wait = 0.0
        while not self.stopping:
            born = time.monotonic()
            self._one_life()
            wait = 0.0 if time.monotonic() - born > HEALTHY else min(max(1.0, wait * 2), 30.0)
            self._rest(wait)

    def _one_life(self) -> None:
        """One cluster from start to end. Nothing of it is left afterwards."""
        ours, theirs = os.pipe()
        cluster = Child([sys.executable, "-m", "hub.supervisor.cluster", str(theirs)], pass_fds=[theirs])
        os.close(theirs)
        self.say(f"cluster {cluster.pid} started")
        try:
            end = self._watched(cluster, ours)
        finally:
            cluster.kill()
            os.close(ours)
        self.say(f"cluster {cluster.pid} {end}")

    def _watched(self, cluster: Child, ours: int) -> str:
        """Wait for the cluster's end, or for a reason to end it. Returns what happened."""
        watch = Watch(self.limits, time.monotonic())
        deadline = 0.0
        while cluster.running:
            if select.select([ours], [], [], TICK)[0]:
                watch.saw(signs.read(ours), time.monotonic())
            now = time.monotonic()
            if complaint := watch.complaint(now):
                return f"killed: {complaint}"
            if self.stopping and not deadline:
                deadline = now + self.limits.grace
                cluster.ask_to_stop()
            if deadline and now > deadline:
                return f"killed: it did not stop within {self.limits.grace:.0f} s"
        return "stopped" if self.stopping else "ended by itself"

    def _rest(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < deadline:
            time.sleep(TICK)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
