"""Several processes at the same records, the same customers and the same webhooks."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator

import pytest

from connectors.base import Notice
from connectors.models import Connection
from connectors.sandbox import Sandbox
from hub.books.agreement import agreement
from hub.intake.inbox import accept
from hub.intake.polling import poll
from hub.models import Event, Posting, SyncRecord
from tests.chaos.processes import start_working
from tests.hub.world import World, add_store

pytestmark = pytest.mark.chaos
WORKERS = 3


@pytest.fixture
def second(world: World) -> Iterator[tuple[Sandbox, Connection]]:
    world.books.switch["rate_window"] = 0
    store, connection = add_store(world, world.source.kind, invoice_prefix="S2-")
    yield store, connection
    store.close()


def test_two_stores_racing_for_the_same_new_clients_make_each_once(
    world: World, second: tuple[Sandbox, Connection]
) -> None:
    for seed in range(12):
        for store in (world.store, second[0]):
            store.place({"kind": "simple", "seed": seed})
    poll(world.source)
    poll(second[1])
    _tell_again_and_again(world.source)
    _tell_again_and_again(second[1])
    for worker in [start_working() for _ in range(WORKERS)]:
        output, _ = worker.communicate(timeout=240)
        assert worker.returncode == 0, output
    _assert_whole(world)


def test_workers_killed_again_and_again_lose_and_double_nothing(
    world: World, second: tuple[Sandbox, Connection]
) -> None:
    dice = random.Random(7)
    for seed in range(10):
        for store in (world.store, second[0]):
            store.place({"kind": "partial_refund", "seed": seed})
    poll(world.source)
    poll(second[1])
    for _ in range(8):
        workers = [start_working() for _ in range(WORKERS - 1)]
        time.sleep(1.5 + 2 * dice.random())
        died = [worker.poll() for worker in workers]
        for worker in workers:
            worker.kill()
            worker.wait()
        assert not any(died), "a worker ended by itself, and not well"
        _time_passes()
    world.work(patience=15)
    _assert_whole(world)


def _tell_again_and_again(connection: Connection) -> None:
    ids = [*SyncRecord.objects.filter(flow__source=connection).values_list("source_id", flat=True)] * 10
    random.Random(1).shuffle(ids)
    for source_id in ids:
        accept(connection, Notice("order", source_id), door=Event.Door.HAND)


def _time_passes() -> None:
    SyncRecord.objects.exclude(owner="").update(lease_until="2020-01-01T00:00:00Z")
    Posting.objects.exclude(owner="").update(lease_until="2020-01-01T00:00:00Z")


def _assert_whole(world: World) -> None:
    records = SyncRecord.objects.all()
    unsettled = list(records.exclude(state="posted").values_list("state", "reason", "message"))
    assert unsettled == []
    numbers = sorted(invoice["invoice_number"] for invoice in world.invoices)
    assert len(numbers) == len(set(numbers)) == records.count()
    emails = [client["email"].lower() for client in world.clients]
    assert len(emails) == len(set(emails))
    skus = [item["sku"] for item in world._living("items")]
    assert len(skus) == len(set(skus))
    marks = [payment["note"].rpartition("[")[2] for payment in world.payments]
    assert len(marks) == len(set(marks))
    assert {invoice["outstanding"]["amount"] for invoice in world.invoices} == {"0.00"}
    days = sorted(records.values_list("date", flat=True))
    found = agreement(days[0], days[-1])
    assert found.agree, json.dumps([pair.told() for pair in found.pairs if not pair.agrees])
