"""The file that connects the simulators, as an operator would write it for `manage.py apply`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from hub.demo.simulated import Simulated
from hub.presets import loader


def wiring(simulated: Iterable[Simulated], poll_from: dt.datetime) -> dict[str, Any]:
    """Every simulator as a connection, and every preset that books invoices from one of them as a flow."""
    known = {one.kind: one for one in simulated}
    books = next(one for one in known.values() if one.role == "books")
    return {
        "version": 1,
        "connections": [_connection(one, poll_from) for one in known.values()],
        "flows": [
            _flow(known[preset.kind], books, preset.slug, preset.source.resource)
            for preset in loader.available()
            if preset.kind in known and (preset.target.role, preset.target.resource) == ("books", "invoice")
        ],
    }


def _connection(one: Simulated, poll_from: dt.datetime) -> dict[str, Any]:
    return {"name": one.name, "kind": one.kind, "settings": {**one.settings}, "poll_from": poll_from.isoformat()}


def _flow(source: Simulated, books: Simulated, preset: str, resource: str) -> dict[str, Any]:
    return {
        "name": f"{source.kind}-{resource}s",
        "preset": preset,
        "source": source.name,
        "target": books.name,
        "enabled": True,
        "policy": {"invoice_prefix": f"{source.kind[:3].upper()}-"},
    }
