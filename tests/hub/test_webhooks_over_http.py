"""Webhooks over real sockets, from whatever stores there are: late, twice, never, in any order, many at once."""

from __future__ import annotations

import random
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from connectors.base import Notice
from hub.engine.claim import claim, settle
from hub.engine.outcomes import Outcome
from hub.intake.inbox import accept, take_up_stored
from hub.models import Event, SyncRecord, WebhookRequest
from tests.hub.corner_shop import SECRET, open_shop, told
from tests.hub.rows import make_flow
from tests.hub.world import World
from tests.oracle import violations

TIMES = 10


def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
        return int(answer.status)


@pytest.fixture
def ringing(world: World, live_server: LiveServer) -> World:
    """The store's webhooks come in here, when they are delivered."""
    world.store.hook = {
        "url": f"{live_server.url}/webhooks/{world.source.name}/",
        "secret": world.store.connection_settings().get("webhook_secret", ""),
        "hold": True,
    }
    return world


def test_a_careless_store_s_day_of_trade_agrees(ringing: World) -> None:
    expected = ringing.store.trade(orders=12, seed=3, day="2026-03-02")
    ringing.store.hook |= {"duplicate": 0.4, "drop": 0.2, "shuffle": True}
    sent = ringing.store.deliver()
    assert sent["delivered"] == sent["queued"] - sent["dropped"] + sent["repeated"] > 0
    assert WebhookRequest.objects.filter(verified=True).count() == sent["delivered"]
    ringing.work()
    assert set(WebhookRequest.objects.values_list("state", flat=True)) <= {"accepted", "ignored"}
    ringing.sync()  # the poll finds what was dropped
    assert violations(expected, ringing.books.state()) == []


def test_the_same_webhook_from_many_sides_at_once_is_one_invoice(ringing: World) -> None:
    ringing.place()
    deliveries = [item for item in ringing.store.outbox for _ in range(TIMES)]
    random.Random(7).shuffle(deliveries)
    with ThreadPoolExecutor(5) as pool:
        answers = Counter(pool.map(lambda one: send(*one), deliveries))
    assert answers == {202: len(deliveries)}
    assert WebhookRequest.objects.filter(verified=True).count() == len(deliveries)
    ringing.work()
    assert WebhookRequest.objects.filter(state="accepted").count() == len(deliveries)
    assert SyncRecord.objects.get().wanted == Event.objects.count()
    assert len(ringing.invoices) == 1
    assert SyncRecord.objects.get().state == "posted"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("delivery_id", "events"), [("d-1", 1), ("", TIMES)])
def test_ten_notices_from_many_threads_are_counted_right(delivery_id: str, events: int) -> None:
    source = make_flow().source

    def hear(_: int) -> bool:
        try:
            return accept(source, Notice("order", "1", delivery_id=delivery_id), door=Event.Door.WEBHOOK)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        new = sum(pool.map(hear, range(TIMES)))
    assert new == Event.objects.count() == events
    assert SyncRecord.objects.get().wanted == events


@pytest.mark.django_db(transaction=True)
def test_no_notice_is_lost_to_a_worker_that_is_just_settling() -> None:
    """Whoever comes last, the record ends at rest only if its last attempt began after the last notice."""
    source = make_flow().source
    seen: list[int] = []

    def hear(_: int) -> None:
        try:
            accept(source, Notice("order", "1"), door=Event.Door.WEBHOOK)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        hearing = [pool.submit(hear, number) for number in range(40)]
        while not all(one.done() for one in hearing) or SyncRecord.objects.filter(due_at__isnull=False).exists():
            for claimed in claim():
                seen.append(claimed.record.wanted)
                assert settle(claimed, Outcome("posted"))
    record = SyncRecord.objects.get()
    assert (record.state, record.wanted) == ("posted", 40)
    assert seen[-1] == 40


@pytest.mark.django_db(transaction=True)
def test_requests_that_name_the_same_records_in_different_order_are_all_counted(
    corner_shop: None, live_server: LiveServer
) -> None:
    open_shop()
    ids = [str(number) for number in range(12)]
    bodies = [told(*({"resource": "order", "id": id} for id in order)) for order in (ids, ids[::-1]) * 5]
    url = f"{live_server.url}/webhooks/shop/"
    with ThreadPoolExecutor(5) as pool:
        answers = Counter(pool.map(lambda body: send(url, body, {"X-Shop-Password": SECRET}), bodies))
    assert answers == {202: 10}
    take_up_stored()
    assert set(SyncRecord.objects.values_list("wanted", flat=True)) == {10}
