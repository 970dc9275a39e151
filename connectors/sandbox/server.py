"""The socket: reads a call, asks for its answer, and writes it, or drops the connection where there is none."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.sandbox.exchange import Call, Dropped, Reply

Respond = Callable[[Call], Reply | Dropped]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, respond: Respond, date: Callable[[], str], host: str, port: int) -> None:
        super().__init__((host, port), Handler)
        self.respond, self.date = respond, date
        self.connections: set[socket.socket] = set()

    def stop(self) -> None:
        """Kept-alive connections end too: nobody gets an answer any more."""
        self.shutdown()
        self.server_close()
        for connection in [*self.connections]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def listen(respond: Respond, date: Callable[[], str], host: str, port: int) -> Server:
    """In the background, until closed. `date` is what the `Date` header of each answer says."""
    server = Server(respond, date, host, port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _handle(self) -> None:
        answer = self.server.respond(self._call())
        if isinstance(answer, Dropped):
            self._drop(answer)
        else:
            self._reply(answer)

    def _call(self) -> Call:
        parts = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        return Call(
            self.command,
            unquote(parts.path),
            tuple(parse_qsl(parts.query, keep_blank_values=True)),
            cast("Mapping[str, str]", self.headers),
            self.rfile.read(size) if size else b"",
            raw_query=parts.query,
        )

    def _reply(self, reply: Reply) -> None:
        body = reply.encoded()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _drop(self, dropped: Dropped) -> None:
        if dropped.reset:  # a linger of zero seconds makes the close a reset
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.server.date()

    def log_message(self, *_: Any) -> None:
        return

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def handle(self) -> None:
        with suppress(OSError):  # the caller went away, or we dropped it on purpose
            super().handle()

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(OSError):
            super().finish()
