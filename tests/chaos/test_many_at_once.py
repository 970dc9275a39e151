"""Several processes at the same records, the same customers and the same webhooks."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import pytest

from connectors.base import Notice
from connectors.models import Connection
from connectors.sandbox import Sandbox
from hub.intake.inbox import accept
from hub.intake.polling import poll
from hub.models import Event, SyncRecord
from tests.chaos.processes import start_working
from tests.chaos.verdict import disagreeing, found
from tests.hub.world import World, add_store

pytestmark = pytest.mark.chaos
WORKERS = 3
PREFIXES = {"store": "", "store-2": "S2-"}
TODAY = dt.date.today()
DAY = dt.timedelta(days=1)


@pytest.fixture
def second(world: World) -> Iterator[tuple[Sandbox, Connection]]:
    world.books.switch["rate_window"] = 0
    store, connection = add_store(world, world.source.kind, invoice_prefix=PREFIXES["store-2"])
    yield store, connection
    store.close()


def test_two_stores_racing_for_the_same_new_clients_make_each_once(
    world: World, second: tuple[Sandbox, Connection]
) -> None:
    stores = {"store": world.store, "store-2": second[0]}
    for seed in range(12):
        for store in stores.values():
            store.place({"kind": "simple", "seed": seed})
    for connection in (world.source, second[1]):
        poll(connection)
        _tell_again_and_again(connection)
    for worker in [start_working() for _ in range(WORKERS)]:
        output, _ = worker.communicate(timeout=240)
        assert worker.returncode == 0, output
    assert list(found(stores, world.books, PREFIXES)) == []
    assert disagreeing(TODAY - DAY, TODAY + DAY) == []


def _tell_again_and_again(connection: Connection) -> None:
    ids = [*SyncRecord.objects.filter(flow__source=connection).values_list("source_id", flat=True)] * 10
    random.Random(1).shuffle(ids)
    for source_id in ids:
        accept(connection, Notice("order", source_id), door=Event.Door.HAND)
