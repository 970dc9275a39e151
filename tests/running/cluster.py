"""The processes of a running worker, by what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.supervisor.child import Child
from tests.running.installation import Installation, until
from tests.running.processes import alive, children

POOL = 4
"""Two workers, the monitor and the pusher."""
QUICK = ("--grace", "10", "--patience", "6", "--silence", "4")
"""A worker that notices within seconds what otherwise takes a minute and a half."""


@dataclass
class Cluster:
    """The processes of one life. django-q2 forks the workers first."""

    main: int
    sentinel: int
    workers: list[int]
    monitor: int
    pusher: int

    @property
    def everybody(self) -> list[int]:
        return [self.main, self.sentinel, *self.workers, self.monitor, self.pusher]


def cluster_of(worker: Child, *, after: Cluster | None = None) -> Cluster:
    """The cluster that runs now, once all of it is up; or the one that took another's place."""
    found: list[Cluster] = []

    def up() -> bool:
        for main in children(worker.pid):
            for sentinel in children(main):
                pool = children(sentinel)
                if len(pool) == POOL and not (after and after.main == main):
                    found.append(Cluster(main, sentinel, pool[:2], *pool[2:]))
                    return True
        return False

    until(up, 60, "a whole cluster")
    return found[0]


def works(installation: Installation, within: float = 60) -> None:
    """Bells that a killed cluster had taken stay behind; a new one must be answered all the same."""
    lost = installation.bells()
    installation.ring()
    until(lambda: installation.bells() <= lost, within, "an answered bell")


def all_gone(pids: list[int]) -> Callable[[], bool]:
    return lambda: not any(alive(pid) for pid in pids)
