"""One call on its way: the time it has left, and whether anything was sent. Each thread is in one exchange at most."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

SLACK = 0.02
"""Seconds by which a wait may end too early or too late."""
_here = local()


class Exchange:
    """`sent` is true from the moment the first byte of the request may have left; until then nothing can have
    arrived."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self.sent = False

    def left(self) -> float:
        """Seconds that the next wait may take. Raises TimeoutError when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this call is over")
        return left

    def limit(self, sock: socket.socket) -> None:
        """Its next wait ends with our time, give or take SLACK: to set a limit takes a system call, and one that is
        set already nearly always does."""
        left, stands = self.left(), sock.gettimeout()
        if stands is None or abs(stands - left) > SLACK:
            sock.settimeout(left)


@contextmanager
def exchange(seconds: float) -> Iterator[Exchange]:
    _here.exchange = begun = Exchange(seconds)
    try:
        yield begun
    finally:
        del _here.exchange


def current() -> Exchange:
    found: Exchange = _here.exchange
    return found


class TimedResponse(http.client.HTTPResponse):
    """Every read, of the status line, the headers and the body, may take what is left of the exchange and no more: a
    socket's own timeout would begin anew with each byte that drips in."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReads(self.fp.detach(), sock, current()))


class _TimedReads(io.RawIOBase):
    def __init__(self, reads: io.RawIOBase, sock: socket.socket, call: Exchange) -> None:
        self._reads, self._sock, self._call = reads, sock, call

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._call.limit(self._sock)
        return self._reads.readinto(buffer)

    def close(self) -> None:
        self._reads.close()
        super().close()
