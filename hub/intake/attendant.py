"""A thread of a web process that waits to be called: made when it is first needed, gone after a while of nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread

from django.db import connection

LINGER = 60.0
"""Seconds for which it waits for the next call. Its database connection ends with it."""
FAREWELL = 2.0
"""Seconds that it has to end in."""


class Attendant:
    """`work` is called in its thread once or more after each `call`, and must not raise.

    A process that was forked has none until it calls its own.
    """

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._name, self._work = name, work
        self._change = Condition()
        self._called = self._dismissed = False
        self._thread: Thread | None = None

    def call(self) -> None:
        with self._change:
            self._called = True
            self._change.notify()
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._attend, name=self._name, daemon=True)
                self._thread.start()

    def dismiss(self) -> None:
        """When it has done what it was called for. The next call brings a new one."""
        with self._change:
            thread, self._dismissed = self._thread, self._thread is not None
            self._change.notify()
        if thread:
            thread.join(FAREWELL)

    def _attend(self) -> None:
        try:
            while self._is_needed():
                self._work()
        finally:
            connection.close()

    def _is_needed(self) -> bool:
        with self._change:
            self._change.wait_for(lambda: self._called or self._dismissed, LINGER)
            needed, self._called = self._called, False
            if not needed:
                self._thread, self._dismissed = None, False
            return needed
