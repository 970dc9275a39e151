"""What every vendor's simulator stands on: real HTTP over a real socket, faults on demand, switches, and a page.

A vendor's `sandbox/` package names a subclass `sandbox` in its `__init__.py`. It shares no code with the connector it
tests: it is written from the vendor's sheet alone. State lives in memory under one lock; `reset` empties it.

Every sandbox answers under `/_sandbox/` beside the vendor's own paths:
    GET  /_sandbox/            a page that shows what is inside, can place an order, and lists the faults
    GET  /_sandbox/state       everything inside, as JSON, for oracles
    POST /_sandbox/reset       forget everything
    POST /_sandbox/switches    {"name": value}                 the vendor's unknowns
    POST /_sandbox/faults      a Fault as JSON, or [] to clear
    POST /_sandbox/place       {...}                           the vendor's own way to make a record (a new order)
    POST /_sandbox/trade       {"orders": 20, "seed": 1, "day": "2026-03-01"}   a generated day of trade
    POST /_sandbox/hooks       {"url": ..., "secret": ..., "duplicate": 0.2, "drop": 0.1, "shuffle": true}
    POST /_sandbox/deliver     send the webhooks held back so far (shuffled, some twice, some never)
"""

from __future__ import annotations

import json
import random
import re
import socket
import struct
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Call:
    """One request to a sandbox. `params` are the path's named groups; `query` keeps order and repeats."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Any
    """Names are case-insensitive."""
    body: bytes
    params: Mapping[str, str] = field(default_factory=dict)
    raw_query: str = ""

    def json(self) -> Any:
        return json.loads(self.body or b"null", parse_float=Decimal)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.query if key == name), default)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str) and self.content_type != "application/json":
            return self.body.encode()
        return b"" if self.status == 204 else json.dumps(self.body, default=_number).encode()


@dataclass
class Fault:
    """Something that goes wrong. It strikes the calls whose method and path match, `times` times (-1 = for ever),
    each with `probability`.

    kind: "status" (answers `status` with `body`, nothing done), "delay" (`seconds`, then as usual), "hang" (work
    undone, no answer for `seconds`), "lost" (**work done, the connection dropped before the answer**), "late" (work
    done, the answer after `seconds`), "reset" (connection reset, nothing done).
    """

    kind: str
    path: str = ".*"
    method: str = ".*"
    times: int = 1
    probability: float = 1.0
    status: int = 500
    seconds: float = 30.0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def strikes(self, call: Call, dice: random.Random) -> bool:
        if self.times == 0 or not re.fullmatch(self.method, call.method) or not re.search(self.path, call.path):
            return False
        if dice.random() >= self.probability:
            return False
        self.times -= 1
        return True


Route = Callable[[Call], Reply]


class Sandbox:
    """A subclass sets `kind`, `label` and `switches` (name → default), registers routes with `self.on`, and overrides
    `connection_settings`, `state`, `place`, `trade` and `tables`.

    `self.log` holds every vendor call as (method, path, status): tests count calls there.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    switches: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, seed: int = 1) -> None:
        self.lock = threading.RLock()
        self.dice = random.Random(seed)
        self.faults: list[Fault] = []
        self.log: list[tuple[str, str, int]] = []
        self.hook: dict[str, Any] = {}
        self.outbox: list[tuple[str, bytes, dict[str, str]]] = []
        self.switch = dict(self.switches)
        self._routes: list[tuple[str, re.Pattern[str], Route]] = []
        self._server: ThreadingHTTPServer | None = None
        self.url = ""
        self.reset()

    # --- what a vendor overrides ---

    def connection_settings(self) -> dict[str, str]:
        """The settings, secrets included, with which the hub connects to this sandbox at `self.url`."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget every record. Called once at the start."""

    def state(self) -> Any:
        """Everything inside, JSON-able: an oracle reads it."""
        raise NotImplementedError

    def place(self, wanted: Mapping[str, Any]) -> Any:
        """Make a record as a customer would; returns it in the vendor's shape."""
        raise NotImplementedError

    def trade(self, *, orders: int, seed: int, day: str) -> Any:
        """A generated day with every kind of order that this vendor knows; returns what was made, in short."""
        raise NotImplementedError

    def tables(self) -> Mapping[str, list[Mapping[str, Any]]]:
        """Title → rows, for the page."""
        return {}

    # --- routes ---

    def on(self, method: str, pattern: str, route: Route) -> None:
        """`pattern` is a regular expression with named groups, matched against the whole decoded path, in order."""
        self._routes.append((method, re.compile(pattern), route))

    def answer(self, call: Call) -> Reply:
        """The vendor's answer without any fault; also usable without a socket."""
        for method, pattern, route in self._routes:
            match = pattern.fullmatch(call.path)
            if match and method == call.method:
                with self.lock:
                    return route(Call(**{**call.__dict__, "params": match.groupdict()}))
        return self.no_route(call)

    def no_route(self, call: Call) -> Reply:
        return Reply(404, {"message": "Not found"})

    # --- webhooks out ---

    def send_hook(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Queue one webhook; it leaves at once unless the hook is set to be held back."""
        if not self.hook.get("url"):
            return
        self.outbox.append((self.hook["url"], body, dict(headers)))
        if not self.hook.get("hold"):
            threading.Thread(target=self.deliver, daemon=True).start()

    def deliver(self) -> dict[str, int]:
        """Send what is queued, duplicated, dropped and shuffled as the hook says."""
        with self.lock:
            batch, self.outbox = self.outbox, []
            kept = [item for item in batch if self.dice.random() >= self.hook.get("drop", 0)]
            again = [item for item in kept if self.dice.random() < self.hook.get("duplicate", 0)]
            going = kept + again
            if self.hook.get("shuffle"):
                self.dice.shuffle(going)
        delivered = sum(_post(*item) for item in going)
        return {"queued": len(batch), "dropped": len(batch) - len(kept), "repeated": len(again), "delivered": delivered}

    # --- serving ---

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen in the background; returns the base URL."""
        self._server = _Server((host, port), _handler(self))
        self.url = f"http://{host}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self.url

    def close(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def control(self, call: Call) -> Reply:
        """The `/_sandbox/` paths."""
        name = call.path.removeprefix("/_sandbox/")
        given = call.json() if call.body else {}
        with self.lock:
            if name == "state":
                return Reply(body=self.state())
            if name == "" and call.method == "GET":
                return Reply(body=page(self), content_type="text/html; charset=utf-8")
            if name == "log":
                return Reply(body=self.log)
            if name == "reset":
                self.reset()
                self.log.clear()
                return Reply(body={})
            if name == "switches":
                unknown = set(given) - set(self.switches)
                if unknown:
                    return Reply(400, {"message": f"no such switch: {', '.join(sorted(unknown))}"})
                self.switch.update(given)
                return Reply(body=self.switch)
            if name == "faults":
                self.faults = [Fault(**one) for one in ([given] if isinstance(given, dict) else given) if one]
                return Reply(body=len(self.faults))
            if name == "hooks":
                self.hook = dict(given)
                return Reply(body=self.hook)
            if name == "place":
                return Reply(body=self.place(given))
            if name == "trade":
                return Reply(body=self.trade(**given))
        if name == "deliver":
            return Reply(body=self.deliver())
        return Reply(404, {"message": f"the sandbox has no {name!r}"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(sandbox: Sandbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _handle(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            call = Call(
                self.command,
                unquote(parts.path),
                tuple(parse_qsl(parts.query, keep_blank_values=True)),
                self.headers,
                self.rfile.read(size) if size else b"",
                raw_query=parts.query,
            )
            if call.path.startswith("/_sandbox/"):
                return self._reply(sandbox.control(call))
            reply = self._with_faults(call)
            if reply is not None:
                self._reply(reply)

        def _with_faults(self, call: Call) -> Reply | None:
            with sandbox.lock:
                fault = next((fault for fault in sandbox.faults if fault.strikes(call, sandbox.dice)), None)
            kind = fault.kind if fault else ""
            if fault and kind == "status":
                reply = Reply(fault.status, fault.body, fault.headers)
                return self._logged(call, reply)
            if fault and kind in ("delay", "hang"):
                time.sleep(fault.seconds)
            if kind == "hang" or kind == "reset":
                self._drop(call, kind)
                return None
            reply = self._logged(call, sandbox.answer(call))
            if fault and kind == "late":
                time.sleep(fault.seconds)
            if kind == "lost":
                self._drop(call, kind)
                return None
            return reply

        def _logged(self, call: Call, reply: Reply) -> Reply:
            sandbox.log.append((call.method, call.path, reply.status))
            return reply

        def _drop(self, call: Call, kind: str) -> None:
            sandbox.log.append((call.method, call.path, 0))
            if kind == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

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

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle

        def log_message(self, *_: Any) -> None:
            return

        def handle(self) -> None:
            with suppress(OSError, ValueError):  # the caller went away, or we dropped it on purpose
                super().handle()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    return Handler


def page(sandbox: Sandbox) -> str:
    """What is inside, for people: plain HTML, no script but the button's."""
    tables = "".join(_table(title, rows) for title, rows in sandbox.tables().items())
    switches = "".join(
        f"<li><code>{escape(name)}</code> = {escape(str(value))}</li>" for name, value in sandbox.switch.items()
    )
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(sandbox.label)} sandbox</title>
<style>body{{font:15px/1.5 system-ui;margin:2rem;max-width:75rem}}table{{border-collapse:collapse;margin-bottom:2rem}}
td,th{{padding:.25rem .75rem;border-bottom:1px solid #ddd;text-align:left}}button{{font:inherit;padding:.3rem .8rem}}</style>
<h1>{escape(sandbox.label)} sandbox</h1><p>A simulator. Nothing here is real.</p>
<button onclick="fetch('place',{{method:'POST',body:'{{}}'}}).then(()=>location.reload())">Place a new order</button>
{tables}<h2>Switches</h2><ul>{switches}</ul><h2>Faults waiting</h2><ul>{"".join(f"<li>{escape(str(f))}</li>" for f in sandbox.faults) or "<li>none</li>"}</ul></html>"""


def _table(title: str, rows: list[Mapping[str, Any]]) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>none</p>"
    heads = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row.values()) + "</tr>" for row in rows)
    return f"<h2>{escape(title)} ({len(rows)})</h2><table><tr>{heads}</tr>{body}</table>"


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> bool:
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return bool(response.status < 300)
    except (urllib.error.URLError, OSError):
        return False


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
