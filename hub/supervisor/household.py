"""Processes that live and die together: the web server, the worker, and in the demo the simulators."""

from __future__ import annotations

import socket
import sys
import time
from types import TracebackType
from typing import IO

from hub.supervisor.child import ROOT, Child

MANAGE = (sys.executable, str(ROOT / "manage.py"))
GRACE = 65.0
"""A little longer than the worker gives its own cluster."""


class Household:
    """Started one after the other, stopped in the opposite order. Their output goes to `log`, or to our own."""

    def __init__(self, log: IO[bytes] | None = None) -> None:
        self._log = log
        self._children: dict[str, Child] = {}

    def __enter__(self) -> Household:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._children.values()):
            child.stop(GRACE)

    def manage(self, *arguments: str, stdout: IO[bytes] | int | None = None) -> Child:
        """A management command, by its own arguments."""
        return self._start(arguments[0], [*MANAGE, *arguments], stdout)

    def web(self, port: int) -> Child:
        return self._start("web", web_server(port), None)

    def gone(self) -> list[str]:
        """Who has ended without being asked to."""
        return [name for name, child in self._children.items() if not child.running]

    def stay(self) -> str:
        """Until Ctrl-C; or until somebody ends without being asked to, and then says who."""
        try:
            while not self.gone():
                time.sleep(0.5)
        except KeyboardInterrupt:
            return ""
        return f"The {' and the '.join(self.gone())} ended unexpectedly."

    def _start(self, name: str, command: list[str], stdout: IO[bytes] | int | None) -> Child:
        child = Child(command, stdout=stdout or self._log, stderr=self._log)
        self._children[name] = child
        return child


def web_server(port: int, application: str = "hub.wsgi") -> list[str]:
    """One process, as much as SQLite can use. Its threads mostly wait for the disk, and the more of them wait, the more
    are served by the same commit."""
    options = ["--bind", f"127.0.0.1:{port}", "--threads", "16", "--no-control-socket", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", application, *options]


def free_port(preferred: int) -> int:
    """The preferred port, or any other where somebody has it."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
