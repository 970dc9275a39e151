"""Every bell was lost: what is due is found all the same, by a real worker's sweep, and reaches the books."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import registry
from connectors.sandbox import Sandbox
from tests.hub.world import kinds
from tests.running.cluster import QUICK, cluster_of
from tests.running.installation import Installation, until

pytestmark = [pytest.mark.chaos, pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")]
FAR = "2099-01-01"
"""Polls tell nothing from before."""
HEARD = """
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from connectors.base import Notice
from connectors.models import Connection
from hub.intake.inbox import accept
with transaction.atomic():
    accept(Connection.objects.get(name="store"), Notice("order", "{id}"), door="hand")
    OrmQ.objects.all().delete()
    Schedule.objects.filter(name="sweep").update(next_run=timezone.now())
"""
"""A notice whose bell never rings. The sweep's minute is over at once."""


@pytest.fixture(params=kinds("store"))
def sandboxes(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, Sandbox]]:
    served = [registry.module(kind, "sandbox").sandbox() for kind in (request.param, kinds("books")[0])]
    for one in served:
        one.serve()
    yield served[0], served[1]
    for one in served:
        one.close()


def connected(installation: Installation, store: Sandbox, books: Sandbox, folder: Path) -> None:
    flow = {"name": "orders", "preset": f"{store.kind}-order-to-invoice", "source": "store", "target": "books"}
    content = {
        "version": 1,
        "connections": [
            {"name": "store", "kind": store.kind, "settings": store.connection_settings(), "poll_from": FAR},
            {"name": "books", "kind": books.kind, "settings": books.connection_settings()},
        ],
        "flows": [{**flow, "enabled": True, "policy": {"invoice_when": "placed"}}],
    }
    file = folder / "setup.yaml"
    file.write_text(json.dumps(content))
    installation.manage("apply", str(file))


def test_what_is_due_is_found_by_the_sweep(
    installation: Installation, sandboxes: tuple[Sandbox, Sandbox], tmp_path: Path
) -> None:
    store, books = sandboxes
    connected(installation, store, books, tmp_path)
    placed = store.place({})
    cluster_of(installation.start("worker", *QUICK))
    until(lambda: installation.bells() == 0, 60, "a worker at rest")
    installation.manage("shell", "-v", "0", "-c", HEARD.format(id=placed.get("entity_id") or placed["id"]))
    assert installation.ask("SELECT count(*) FROM hub_syncrecord WHERE due_at IS NOT NULL") == 1
    until(lambda: len(books.state()["invoices"]) == 1, 120, "the invoice of the order that nobody rang for")
