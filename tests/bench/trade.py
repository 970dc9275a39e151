"""A store and the books in processes of their own, and the hub's connections to them."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connectors.models import Connection
from hub.configuration import apply
from hub.engine.drain import drain
from hub.intake.polling import poll
from hub.models import SyncRecord
from hub.supervisor.child import Child
from tests.hub.world import kinds

WITHOUT_LIMITS = {"rate_limit_read": 10**9, "rate_limit_write": 10**9}
WARM_UP = 3


@dataclass(frozen=True)
class Simulator:
    """One of them, seen from outside."""

    kind: str
    url: str
    settings: Mapping[str, str]

    def ask(self, what: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/{what}", data=data)
        with urllib.request.urlopen(request, timeout=120) as response:
            return json.load(response)

    def calls(self) -> list[dict[str, Any]]:
        """Those since the last time, in the order in which they ended."""
        found: list[dict[str, Any]] = self.ask("calls")
        return found

    def delay(self, seconds: float) -> None:
        fault = {"kind": "delay", "seconds": seconds, "times": -1}
        self.ask("faults", fault if seconds else [])


@dataclass
class Trade:
    store: Simulator
    books: Simulator
    placed: int = 0

    @property
    def source(self) -> Connection:
        return Connection.objects.get(name="store")

    def place(self, orders: int) -> None:
        """Simple, paid ones, all of the same customer and goods."""
        for _ in range(orders):
            self.store.ask("place", {"kind": "simple", "seed": 1})
        self.placed += orders

    def warm_up(self) -> None:
        """From now on the books know the customer and the goods."""
        self.place(WARM_UP)
        self.poll()
        drain(threads=1)
        self.require_all_posted()

    def poll(self) -> None:
        poll(self.source)

    def posted(self) -> int:
        return SyncRecord.objects.filter(state=SyncRecord.State.POSTED).count()

    def require_all_posted(self) -> None:
        others = SyncRecord.objects.exclude(state=SyncRecord.State.POSTED).values_list("state", "reason", "message")
        assert self.posted() == self.placed, f"{self.posted()} of {self.placed} orders are posted, {others.first()}"

    def start_again(self) -> None:
        """Both ends as they were before anything was placed."""
        self.store.ask("reset", {})
        self.books.ask("reset", {})

    def forget_calls(self) -> None:
        self.store.calls()
        self.books.calls()

    def calls(self) -> list[dict[str, Any]]:
        """Of both ends, each with the end's `url`, in the order in which they ended."""
        both = [{**call, "url": end.url} for end in (self.store, self.books) for call in end.calls()]
        return sorted(both, key=lambda call: float(call["ended"]))


@contextmanager
def open_trade() -> Iterator[Trade]:
    """Connected and wired by the preset, on an empty database."""
    with _serving(kinds("store")[0]) as store, _serving(kinds("books")[0]) as books:
        books.ask("switches", WITHOUT_LIMITS)
        apply(json.dumps(_wiring(store, books)), environment={})
        yield Trade(store, books)


def _wiring(store: Simulator, books: Simulator) -> dict[str, Any]:
    ends = {"store": store, "books": books}
    flow = {"name": "orders", "preset": f"{store.kind}-order-to-invoice", "source": "store", "target": "books"}
    return {
        "version": 1,
        "connections": [{"name": name, "kind": end.kind, "settings": {**end.settings}} for name, end in ends.items()],
        "flows": [{**flow, "enabled": True}],
    }


@contextmanager
def _serving(kind: str) -> Iterator[Simulator]:
    child = Child([sys.executable, "-m", "tests.bench.simulator", kind], stdout=subprocess.PIPE)
    try:
        assert child.output
        yield Simulator(kind, **json.loads(child.output.readline()))
    finally:
        child.kill()
