"""Every database statement and every outbound call of a process is a point at which it may die, in any of its threads."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

from django.db.backends.signals import connection_created

from connectors import http
from tests.hub.dying import Fuse

Happen = Callable[[], None]


class Fuses:
    """One for each process: a forked one gets its own, of a random length up to the longest."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._lit: dict[int, Fuse] = {}

    def burn(self) -> None:
        fuse = self._lit.get(os.getpid())
        if fuse is None:
            fuse = self._lit[os.getpid()] = Fuse(random.SystemRandom().randint(1, self.longest))
        fuse.burn()


def burn_down(longest: int) -> None:
    """This process and those that it forks die one day."""
    at_each_point(Fuses(longest).burn)


def at_each_point(happen: Happen) -> None:
    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        happen()
        return execute(*args)

    def watched(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(statement)

    connection_created.connect(watched, weak=False)
    http.before_send.append(lambda *_: happen())
