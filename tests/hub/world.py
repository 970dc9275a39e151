"""A small world: a store and the books, simulated over real sockets, and the hub between them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from connectors import registry
from connectors.documents import Order
from connectors.models import Connection, RateBudget
from connectors.sandbox import Fault, Sandbox
from connectors.vault import connect
from hub import flows
from hub.configuration import apply
from hub.engine.drain import drain
from hub.engine.schedule import seconds_until_due
from hub.intake.polling import poll
from hub.models import Cursor, Event, Flow, Link, Posting, SyncRecord, WebhookRequest

PATIENCE = 3.0
"""Seconds that a test's work may wait for what becomes due: doubts and retries are quick here."""


def kinds(role: str) -> list[str]:
    return [kind for kind, connector in registry.connectors().items() if connector.role == role]


@dataclass
class World:
    store: Sandbox
    books: Sandbox
    source: Connection
    target: Connection
    flow: Flow

    def place(self, **wanted: Any) -> Any:
        """What the vendor does not know, cannot be tested with it."""
        for name in {*wanted, wanted.get("kind")} & self.store.cannot.keys():
            pytest.skip(self.store.cannot[name])
        return self.store.place(wanted)

    def id(self, placed: Mapping[str, Any]) -> str:
        return self.store.id_of(placed)

    def number(self, placed: Mapping[str, Any]) -> str:
        return self.store.number_of(placed)

    def read(self, placed: Mapping[str, Any]) -> Order:
        """As the hub would read it now."""
        resource = connect(self.source).resource("order")
        order: Order = resource.parse(resource.fetch(self.id(placed)))
        return order

    def poll(self) -> int:
        return poll(self.source)

    def work(self, patience: float = PATIENCE) -> None:
        """Until nothing is due, nor within the patience."""
        drain(threads=1)
        while (rest := seconds_until_due()) is not None and rest <= patience:
            time.sleep(max(min(rest, 0.2), 0))
            drain(threads=1)

    def sync(self) -> None:
        self.poll()
        self.work()

    def record(self) -> SyncRecord:
        return SyncRecord.objects.get()

    def set_policy(self, **policy: Any) -> None:
        self.flow.policy = {**self.flow.policy, **policy}
        self.flow.save()
        flows.publish(self.flow)

    def start_over(self) -> None:
        """As on the first day: nothing was sold, nothing booked, nothing remembered."""
        for model in (Posting, Link, SyncRecord, Event, WebhookRequest, Cursor, RateBudget):
            model.objects.all().delete()
        for side in (self.store, self.books):
            side.faults, side.outbox = [], []
            side.reset()
            side.log.clear()
        for connection in (self.source, self.target):
            connection.reopen()

    def fault(self, on: str = "books", **fault: Any) -> None:
        getattr(self, on).faults.append(Fault(**fault))

    @property
    def invoices(self) -> list[dict[str, Any]]:
        return self._living("invoices")

    @property
    def payments(self) -> list[dict[str, Any]]:
        return self._living("payments")

    @property
    def credit_notes(self) -> list[dict[str, Any]]:
        return self._living("credit_notes")

    @property
    def clients(self) -> list[dict[str, Any]]:
        return self._living("clients")

    def _living(self, name: str) -> list[dict[str, Any]]:
        state = json.loads(json.dumps(self.books.state(), default=str))
        return [row for row in state[name] if row.get("vis_state", 0) == 0]


def open_world(store_kind: str, books_kind: str, **policy: Any) -> World:
    """Both sandboxes listening, connected and wired by the preset, as an admin would with a file."""
    store = _serve(store_kind)
    books = _serve(books_kind)
    apply(
        json.dumps(
            {
                "version": 1,
                "connections": [
                    {
                        "name": "store",
                        "kind": store_kind,
                        "settings": store.connection_settings(),
                        "poll_from": "2020-01-01",
                    },
                    {"name": "books", "kind": books_kind, "settings": books.connection_settings()},
                ],
                "flows": [
                    {
                        "name": "orders",
                        "preset": f"{store_kind}-order-to-invoice",
                        "source": "store",
                        "target": "books",
                        "enabled": True,
                        "policy": policy,
                    }
                ],
            }
        ),
        environment={},
    )
    named = {one.name: one for one in Connection.objects.all()}
    return World(store, books, named["store"], named["books"], Flow.objects.get(name="orders"))


def _serve(kind: str) -> Sandbox:
    sandbox: Sandbox = registry.module(kind, "sandbox").sandbox()
    sandbox.serve()
    return sandbox


def add_store(world: World, kind: str, **policy: Any) -> tuple[Sandbox, Connection]:
    """A second store into the same books."""
    store = _serve(kind)
    settings = store.connection_settings()
    flow = {"name": "orders-2", "preset": f"{kind}-order-to-invoice", "source": "store-2", "target": "books"}
    content = {
        "version": 1,
        "connections": [{"name": "store-2", "kind": kind, "settings": settings, "poll_from": "2020-01-01"}],
        "flows": [{**flow, "enabled": True, "policy": policy}],
    }
    apply(json.dumps(content), environment={})
    return store, Connection.objects.get(name="store-2")
