"""Whether this cluster was asked to stop: a long task looks, and ends with what it has begun."""

from __future__ import annotations

import mmap
import signal
import socket
import time
from threading import Thread

_asked = mmap.mmap(-1, 1)
"""Shared by the processes that are forked from here, without a lock: one that is killed must leave none behind."""


def heed_stops() -> None:
    """In the cluster's main process, before it forks. Its signals are django-q2's, which tells none of its workers; so
    a thread of ours hears of them."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    Thread(target=_listen, args=(ours, theirs), daemon=True).start()


def is_stopping() -> bool:
    """Never, where no cluster runs."""
    return _asked[0] != 0


def is_over(until: float) -> bool:
    """Whether a round ends at its next safe point: that moment of the monotonic clock has come, or the stop."""
    return time.monotonic() > until or is_stopping()


def _listen(ours: socket.socket, _theirs: socket.socket) -> None:
    """Keeps both ends open."""
    stops = {signal.SIGTERM, signal.SIGINT}
    while not stops & set(ours.recv(64)):
        continue
    _asked[0] = 1
