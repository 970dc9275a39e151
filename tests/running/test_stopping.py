"""The end of `manage.py worker`: whoever is told to stop, and however, nothing is cut short and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.supervisor import signs
from hub.supervisor.child import Child
from tests.running.cluster import QUICK, all_gone, cluster_of
from tests.running.installation import Installation, until
from tests.running.processes import alive, family

pytestmark = [pytest.mark.chaos, pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")]


@pytest.fixture
def worker(installation: Installation) -> Child:
    return installation.start("worker", *QUICK)


def tell_one(pid: int, number: int) -> None:
    os.kill(pid, number)


def tell_its_group(pid: int, number: int) -> None:
    """As a terminal, `timeout` and honcho do."""
    os.killpg(pid, number)


def tell_everybody(pid: int, number: int) -> None:
    """As systemd does without KillMode=mixed."""
    for one in family(pid):
        os.kill(one, number)


@pytest.mark.parametrize(
    ("tell", "number"),
    [(tell_one, signal.SIGTERM), (tell_its_group, signal.SIGINT), (tell_one, signal.SIGHUP)],
)
def test_an_idle_worker_stops_at_once(worker: Child, tell: object, number: int) -> None:
    everybody = cluster_of(worker).everybody
    tell(worker.pid, number)  # type: ignore[operator]
    until(lambda: not worker.running, 30, "the stop")
    assert worker.stop(0) == 0
    until(all_gone(everybody), 1, "the end of its cluster")


def test_what_was_begun_is_finished(installation: Installation, worker: Child, tmp_path: Path) -> None:
    cluster_of(worker)
    mark = tmp_path / "mark"
    installation.give("tests.running.tasks.leave_a_mark", str(mark), 2)
    until(mark.exists, 30, "the task")
    tell_its_group(worker.pid, signal.SIGTERM)
    until(lambda: not worker.running, 30, "the stop")
    assert (mark.read_text(), worker.stop(0), installation.bells()) == ("finished", 0, 0)


def test_a_long_task_is_told_that_its_cluster_stops(installation: Installation, worker: Child, tmp_path: Path) -> None:
    cluster_of(worker)
    mark = tmp_path / "mark"
    installation.give("tests.running.tasks.work_until_the_stop", str(mark), 60)
    until(mark.exists, 30, "the task")
    tell_its_group(worker.pid, signal.SIGTERM)
    until(lambda: not worker.running, 30, "the stop")
    assert (mark.read_text(), worker.stop(0)) == ("told", 0)


def test_a_stop_that_hangs_ends_with_its_grace(installation: Installation, tmp_path: Path) -> None:
    worker = installation.start("worker", "--grace", "2")
    everybody, mark = cluster_of(worker).everybody, tmp_path / "mark"
    installation.give("tests.running.tasks.never_end", str(mark))
    until(mark.exists, 30, "the task")
    tell_one(worker.pid, signal.SIGTERM)
    assert until(lambda: not worker.running, 15, "the stop") > 1.9
    until(all_gone(everybody), 1, "the end of its cluster")


def test_signalled_all_at_once_it_ends_within_its_grace(worker: Child) -> None:
    """django-q2's main process then waits for ever for a sentinel that is dead."""
    everybody = [worker.pid, *cluster_of(worker).everybody]
    tell_everybody(worker.pid, signal.SIGTERM)
    until(all_gone(everybody), 30, "the stop")


def test_nothing_outlives_a_killed_supervisor(worker: Child) -> None:
    everybody = cluster_of(worker).everybody
    tell_one(worker.pid, signal.SIGKILL)
    until(all_gone(everybody), 30, "the end of its cluster")


def test_a_cluster_whose_signs_nobody_reads_ends_itself() -> None:
    """Where the kernel does not end orphans, or was asked too late."""
    ours, theirs = os.pipe()
    orphan = "import sys, time; from hub.supervisor.signs import writer; show = writer(int(sys.argv[1]))\n"
    orphan += "while True: show('beats'); time.sleep(0.05)"
    child = subprocess.Popen([sys.executable, "-c", orphan, str(theirs)], pass_fds=[theirs], start_new_session=True)
    os.close(theirs)
    assert set(signs.read(ours)) == {"beats"}
    os.close(ours)
    assert child.wait(5) == -signal.SIGKILL


def test_nohup_is_respected(installation: Installation) -> None:
    script = f"trap '' HUP; exec {sys.executable} manage.py worker"
    worker = Child(["sh", "-c", script], env=installation.env)
    installation.children.append(worker)
    everybody = cluster_of(worker).everybody
    tell_one(worker.pid, signal.SIGHUP)
    time.sleep(1)
    assert all(alive(pid) for pid in everybody)
