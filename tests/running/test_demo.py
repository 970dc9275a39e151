"""The demo leaves nothing behind, however it ends. That its books agree is for `make demo EXIT=1` to show."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.supervisor.child import Child
from hub.supervisor.household import MANAGE, answers, free_port
from tests.running.installation import OPERATOR, until
from tests.running.processes import alive, children, family

pytestmark = [pytest.mark.chaos, pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")]
PORT = free_port(0)
HOUSEHOLD = 3
"""The simulators, the web server and the worker."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Child]:
    child = Child([*MANAGE, "demo", "--port", str(PORT)], env={**OPERATOR, "COUNTINGHOUSE_VAR": str(tmp_path)})
    yield child
    child.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_all_of_it_ends_together(demo: Child, number: int) -> None:
    until(lambda: len(children(demo.pid)) == HOUSEHOLD and answers(PORT), 60, "a running demo")
    everybody = family(demo.pid)
    os.kill(demo.pid, number)
    until(lambda: not any(alive(pid) for pid in everybody), 70, "the end of everybody")
    assert not answers(PORT)
