"""A simulator in a process of its own, which keeps every call with the time that it took.

`python -m tests.bench.simulator KIND` serves one and prints its address and the settings to connect with.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

import django

from connectors import registry
from connectors.sandbox import Call, Dropped, Reply, Sandbox
from connectors.sandbox.simulator import CONTROL

CALLS = CONTROL + "calls"
"""GET: the calls since the last time it was asked; asking forgets them."""


class Recorder:
    """Between the socket and the sandbox. Times are of the machine's steady clock, the same in every process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.calls: list[dict[str, Any]] = []
        self.respond = sandbox.respond

    def listen(self) -> None:
        self.sandbox.respond = self.answer  # type: ignore[method-assign]
        self.sandbox.serve()
        server = self.sandbox._server
        assert server
        server.RequestHandlerClass = self._timed(server.RequestHandlerClass)

    def answer(self, call: Call) -> Reply | Dropped:
        if call.path == CALLS:
            told, self.calls = self.calls, []
            return Reply(body=told)
        given = self.respond(call)
        if not call.path.startswith(CONTROL) and isinstance(given, Reply):
            _current.call = {
                "method": call.method,
                "path": call.path,
                "query": call.raw_query,
                "headers": dict(call.headers.items()),
                "body": call.body.decode(),
                "status": given.status,
            }
        return given

    def _timed(self, handler: Any) -> type:
        """From the first line of the request to the last byte of the answer: the API's own time."""
        recorder = self

        class Timed(handler):  # type: ignore[misc]
            def parse_request(self) -> bool:
                self.began = time.monotonic()
                _current.call = None
                return bool(super().parse_request())

            def _handle(self) -> None:
                super()._handle()
                if _current.call:
                    recorder.calls.append({**_current.call, "began": self.began, "ended": time.monotonic()})

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle

        return Timed


_current = threading.local()


def main(kind: str) -> None:
    django.setup()
    sandbox: Sandbox = registry.module(kind, "sandbox").sandbox()
    Recorder(sandbox).listen()
    print(json.dumps({"url": sandbox.url, "settings": sandbox.connection_settings()}), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
