"""Keeps one cluster working: starts it, listens for its signs of life, kills and replaces it, stops it cleanly."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from hub.supervisor import memory, service, signs
from hub.supervisor.child import Child
from hub.supervisor.watch import Limits, Watch

TICK = 0.2
INSPECT_EVERY = 5.0
HEALTHY = 60.0
"""A cluster that lived this long was not broken from the start."""
STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Supervisor:
    """Run until SIGTERM, Ctrl-C, or the end of the terminal. Killing a cluster is always safe: what it was doing is held
    by leases that end."""

    def __init__(self, limits: Limits, say: Callable[[str], None]) -> None:
        self.limits = limits
        self.say = say
        self.stopping = False
        self._inspected = 0.0

    def run(self) -> None:
        for number in STOPS:
            if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
                signal.signal(number, self._stop)
        service.tell("READY=1")
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
        deadline, reason = 0.0, ""
        while cluster.running:
            if select.select([ours], [], [], TICK)[0]:
                watch.saw(signs.read(ours), time.monotonic())
            now = time.monotonic()
            if complaint := watch.complaint(now):
                return f"killed: {complaint}"
            if not deadline and (reason := self._reason_to_stop(cluster, now)):
                deadline = now + self.limits.grace
                cluster.ask_to_stop()
            if deadline and now > deadline:
                return f"killed: it did not stop within {self.limits.grace:.0f} s"
        return f"stopped: {reason}" if reason else "ended by itself"

    def _reason_to_stop(self, cluster: Child, now: float) -> str:
        """A cluster whose memory has grown may finish what it has begun. django-q2 only replaces workers, and only
        between two tasks."""
        if self.stopping:
            return "as it was told"
        if now < self._inspected + INSPECT_EVERY:
            return ""
        self._inspected = now
        service.tell("WATCHDOG=1")
        held = memory.largest(cluster.pid)
        return f"a process of it held {held:.0f} MB" if held > self.limits.memory else ""

    def _rest(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < deadline:
            time.sleep(TICK)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
        service.tell("STOPPING=1")
