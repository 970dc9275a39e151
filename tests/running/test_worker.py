"""`manage.py worker` under everything that is known to make django-q2 deaf or hung: work goes on. Real processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from hub.supervisor.child import Child
from tests.running.cluster import QUICK, all_gone, cluster_of, works
from tests.running.installation import Installation, until

pytestmark = [pytest.mark.chaos, pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")]
HURRIED = {"DJANGO_SETTINGS_MODULE": "tests.running.hurried"}
READY = "from django.test import Client; print(Client().get('/readyz').content.decode())"


@pytest.fixture
def worker(installation: Installation) -> Child:
    return installation.start("worker", *QUICK)


def test_an_idle_worker_beats_and_answers_a_bell(installation: Installation, worker: Child) -> None:
    cluster_of(worker)
    works(installation)
    assert '"status": "ok"' in installation.manage("shell", "-v", "0", "-c", READY)


@pytest.mark.parametrize("killed", ["one worker", "both workers", "sentinel", "main", "monitor", "pusher"])
def test_whoever_is_killed_work_goes_on_and_nothing_is_left(
    installation: Installation, worker: Child, killed: str
) -> None:
    before = cluster_of(worker)
    works(installation)
    victims = {"one worker": before.workers[:1], "both workers": before.workers}
    for pid in victims.get(killed) or [getattr(before, killed)]:
        os.kill(pid, signal.SIGKILL)
    if killed != "pusher":  # django-q2 replaces it well by itself
        until(all_gone(before.everybody), 30, "the end of the old cluster")
        cluster_of(worker, after=before)
    works(installation)


def test_sigterm_to_the_clusters_group_is_survived(installation: Installation, worker: Child) -> None:
    before = cluster_of(worker)
    os.killpg(before.main, signal.SIGTERM)
    until(all_gone(before.everybody), 30, "the end of the old cluster")
    works(installation)


def test_idle_workers_that_hang_are_noticed(installation: Installation, worker: Child) -> None:
    before = cluster_of(worker)
    for pid in before.workers:
        os.kill(pid, signal.SIGSTOP)
    installation.ring()
    until(all_gone(before.everybody), 30, "the end of the old cluster")
    works(installation)


@pytest.mark.parametrize("hung", ["sentinel", "pusher"])
def test_whoever_falls_silent_is_noticed(installation: Installation, worker: Child, hung: str) -> None:
    before = cluster_of(worker)
    os.kill(getattr(before, hung), signal.SIGSTOP)
    until(all_gone(before.everybody), 30, "the end of the old cluster")
    works(installation)


def test_tasks_that_never_end_hold_nobody_up(installation: Installation, tmp_path: Path) -> None:
    """One is deaf to its time limit and to SIGTERM, the other is stopped like a debugged process."""
    hurried = installation.start("worker", "--patience", "30", "--silence", "15", **HURRIED)
    before = cluster_of(hurried)
    for task in ("never_end", "stand_still"):
        installation.give(f"tests.running.tasks.{task}", str(tmp_path / task))
    until(lambda: all((tmp_path / task).exists() for task in ("never_end", "stand_still")), 30, "both tasks")
    until(all_gone(before.everybody), 30, "the end of the old cluster")
    works(installation)


def test_a_worker_that_grew_is_replaced_when_its_task_is_done(installation: Installation, tmp_path: Path) -> None:
    """django-q2 does this itself, but only between two tasks."""
    before = cluster_of(installation.start("worker", *QUICK))
    installation.give("tests.running.tasks.swell", str(tmp_path / "mark"), 450, 0.5)
    until(lambda: not all_gone(before.workers)() and _one_gone(before.workers), 30, "the end of the large worker")
    works(installation)
    assert not all_gone([before.main])()


def test_a_cluster_that_grows_without_end_is_replaced_when_its_work_is_done(
    installation: Installation, tmp_path: Path
) -> None:
    worker = installation.start("worker", *QUICK, "--memory", "300")
    before, mark = cluster_of(worker), tmp_path / "mark"
    installation.give("tests.running.tasks.swell", str(mark), 350, 7)
    until(all_gone(before.everybody), 30, "the end of the old cluster")
    assert mark.read_text() == "finished"
    works(installation)


def test_two_workers_on_one_machine_leave_each_other_alone(installation: Installation, worker: Child) -> None:
    other = installation.start("worker", *QUICK)
    first, second = cluster_of(worker), cluster_of(other)
    for pid in first.workers:
        os.kill(pid, signal.SIGKILL)
    until(all_gone(first.everybody), 30, "the end of the old cluster")
    works(installation)
    assert cluster_of(other) == second


def test_an_idle_bell_is_heard_at_once(installation: Installation, worker: Child) -> None:
    """Somebody may be waiting. Most of the time allowed here is for a busy machine."""
    cluster_of(worker)
    works(installation)
    timed = (
        "import time; from hub.queue import ring, bells\n"
        "for _ in range(3):\n"
        "    began = time.monotonic(); ring()\n"
        "    while bells(): time.sleep(0.005)\n"
        "    print(time.monotonic() - began)"
    )
    assert min(map(float, installation.manage("shell", "-v", "0", "-c", timed).split())) < 0.9


def _one_gone(pids: list[int]) -> bool:
    return any(all_gone([pid])() for pid in pids)
