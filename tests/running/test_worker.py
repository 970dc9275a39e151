"""`manage.py worker` under everything that is known to make django-q2 deaf, orphaned or hung. Real processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from hub.supervisor.child import Child
from tests.running.conftest import Installation, until
from tests.running.processes import alive, children, family

pytestmark = [pytest.mark.chaos, pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")]
POOL = 4
"""Two workers, the monitor and the pusher."""


@dataclass
class Cluster:
    """The processes of one life, by what they do. django-q2 forks the workers first."""

    supervisor: int
    main: int
    sentinel: int
    workers: list[int]
    others: list[int]

    @property
    def everybody(self) -> list[int]:
        return [self.main, self.sentinel, *self.workers, *self.others]


@pytest.fixture
def worker(installation: Installation) -> Iterator[Child]:
    yield installation.start("worker", "--grace", "10", "--patience", "8", "--silence", "4")


def cluster_of(worker: Child, *, not_main: int = 0) -> Cluster:
    """The cluster that runs now, once all of it is up."""
    found: list[Cluster] = []

    def up() -> bool:
        for main in children(worker.pid):
            for sentinel in children(main):
                pool = children(sentinel)
                if main != not_main and len(pool) == POOL:
                    found.append(Cluster(worker.pid, main, sentinel, pool[:2], pool[2:]))
                    return True
        return False

    until(up, 30, "a whole cluster")
    return found[0]


def works(installation: Installation) -> None:
    """Bells that a killed cluster had taken stay behind; a new one must be answered all the same."""
    lost = installation.bells()
    installation.ring()
    until(lambda: installation.bells() <= lost, 20, "an answered bell")


def all_gone(pids: list[int]) -> Callable[[], bool]:
    return lambda: not any(alive(pid) for pid in pids)


def test_a_bell_is_answered(installation: Installation, worker: Child) -> None:
    cluster_of(worker)
    works(installation)


@pytest.mark.parametrize("killed", ["one worker", "both workers", "sentinel", "main", "monitor", "pusher"])
def test_whoever_is_killed_work_goes_on_and_nothing_is_left(
    installation: Installation, worker: Child, killed: str
) -> None:
    before = cluster_of(worker)
    works(installation)
    victims = {
        "one worker": before.workers[:1],
        "both workers": before.workers,
        "sentinel": [before.sentinel],
        "main": [before.main],
        "monitor": before.others[:1],
        "pusher": before.others[1:],
    }[killed]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    if killed != "pusher":  # django-q2 replaces it well by itself
        until(all_gone(before.everybody), 10, "the end of the old cluster")
        cluster_of(worker, not_main=before.main)
    works(installation)


def test_workers_that_hang_are_noticed(installation: Installation, worker: Child) -> None:
    before = cluster_of(worker)
    for pid in before.workers:
        os.kill(pid, signal.SIGSTOP)
    installation.ring()
    until(all_gone(before.everybody), 25, "the end of the old cluster")
    works(installation)


def test_a_sentinel_that_hangs_is_noticed(installation: Installation, worker: Child) -> None:
    before = cluster_of(worker)
    os.kill(before.sentinel, signal.SIGSTOP)
    until(all_gone(before.everybody), 15, "the end of the old cluster")
    works(installation)


def test_sigterm_to_the_clusters_group_is_survived(installation: Installation, worker: Child) -> None:
    before = cluster_of(worker)
    os.killpg(before.main, signal.SIGTERM)
    until(all_gone(before.everybody), 20, "the end of the old cluster")
    works(installation)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_cleanly(worker: Child, number: int) -> None:
    everybody = cluster_of(worker).everybody
    os.kill(worker.pid, number)
    until(lambda: not worker.running, 8, "the stop")
    assert worker.stop(0) == 0
    until(all_gone(everybody), 1, "the end of its cluster")


def test_the_worker_stops_when_everything_is_signalled_at_once(worker: Child) -> None:
    """As systemd does without KillMode=mixed."""
    everybody = family(worker.pid)
    cluster = cluster_of(worker)
    for pid in {*everybody, *cluster.everybody}:
        os.kill(pid, signal.SIGTERM)
    until(all_gone([worker.pid, *cluster.everybody]), 12, "the stop")


def test_nothing_outlives_a_killed_supervisor(worker: Child) -> None:
    everybody = cluster_of(worker).everybody
    os.kill(worker.pid, signal.SIGKILL)
    until(all_gone(everybody), 5, "the end of its cluster")


def test_an_idle_bell_is_heard_at_once(installation: Installation, worker: Child) -> None:
    """Somebody may be waiting. Most of the time allowed here is for a busy machine."""
    cluster_of(worker)
    works(installation)
    timed = (
        "import time; from hub.queue import ring, bells\n"
        "began = time.monotonic(); ring()\n"
        "while bells(): time.sleep(0.005)\n"
        "print(time.monotonic() - began)"
    )
    assert min(float(installation.manage("shell", "-v", "0", "-c", timed)) for _ in range(3)) < 0.6
