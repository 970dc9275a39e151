"""A worker that kills itself with SIGKILL at the n-th point of its run. Every database statement and every outbound
call is a point. Reads one n per line and forks a worker for each; answers with the signal that ended it, or 0."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django


class Fuse:
    """Burns down with each point, then kills the process that it is in."""

    def __init__(self, points: int) -> None:
        self.points = points

    def burn(self, *_: Any) -> None:
        self.points -= 1
        if self.points == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.burn()
        return execute(*args)


def work(points: int) -> None:
    from django.db import connection

    from connectors import http
    from hub.engine.drain import drain

    fuse = Fuse(points)
    http.before_send.append(fuse.burn)
    with connection.execute_wrapper(fuse.statement):
        drain(threads=1)


def main() -> None:
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(int(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, flush=True)


if __name__ == "__main__":
    main()
