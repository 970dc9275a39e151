"""Callers at a web server: each sends its next request as soon as the last one is answered. One thread serves them all,
so that they take little of the machine that they share with the server."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles

SIZE = 65536
END_OF_HEADERS = b"\r\n\r\n"


@dataclass
class Run:
    """What came of it. `answered` are seconds from the request to its whole answer."""

    seconds: float = 0.0
    answered: list[float] = field(default_factory=list)
    statuses: set[bytes] = field(default_factory=set)

    @property
    def rate(self) -> float:
        return len(self.answered) / self.seconds

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return quantiles(self.answered, n=100)[percent - 1] * 1000


class Caller:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.since = time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> bytes:
        """Of the answer, which has no body."""
        answer = b""
        while END_OF_HEADERS not in answer:
            got = self.socket.recv(SIZE)
            assert got, "the server hung up"
            answer += got
        assert b"content-length: 0" in answer.lower(), answer
        return answer.split(None, 2)[1]


def request_of(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """As it goes over the wire."""
    own = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in own.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def call(port: int, requests: Sequence[bytes], *, times: int, callers: int) -> Run:
    """Sends `times` requests, in turn those that are given, from so many callers at once."""
    run, given = Run(), cycle(requests)
    with selectors.DefaultSelector() as ready:
        for caller in [Caller(port) for _ in range(callers)]:
            ready.register(caller.socket, selectors.EVENT_READ, caller)
        began = time.perf_counter()
        for key in ready.get_map().values():
            key.data.send(next(given))
        left = times - callers
        while len(run.answered) < times:
            for key, _ in ready.select():
                _answered(key.data, run)
                if left > 0:
                    key.data.send(next(given))
                    left -= 1
        run.seconds = time.perf_counter() - began
        for key in list(ready.get_map().values()):
            key.data.socket.close()
    return run


def _answered(caller: Caller, run: Run) -> None:
    run.statuses.add(caller.status())
    run.answered.append(time.perf_counter() - caller.since)
