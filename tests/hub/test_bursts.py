"""Many webhooks at once: they share commits and bells, none is lost, and each record is run once or little more."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.models import Sum

from connectors.base import Webhook
from connectors.models import Connection
from hub import queue
from hub.engine.claim import claim, settle
from hub.engine.outcomes import Outcome
from hub.intake import ringing, storing
from hub.intake.attendant import Attendant
from hub.intake.inbox import receive, take_up_stored
from hub.intake.ringing import Ringer, ringer
from hub.intake.storing import Entry, Scribe, scribe
from hub.models import Event, SyncRecord, WebhookRequest
from hub.queue import bells
from tests.hub.corner_shop import SECRET, open_shop
from tests.hub.dying import ended, start_child

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]
CALLERS, RECORDS, TIMES = 16, 500, 10


def test_five_thousand_webhooks_about_five_hundred_records() -> None:
    shop, _ = open_shop()
    with ThreadPoolExecutor(CALLERS) as pool:
        for _ in pool.map(lambda number: hear(shop, number), range(RECORDS * TIMES)):
            pass
    assert WebhookRequest.objects.filter(verified=True).count() == RECORDS * TIMES
    ringer.dismiss()
    assert bells() == 1
    for child in [start_child(lambda: take_up_stored(120)) for _ in range(2)]:
        assert not ended(child)
    assert set(WebhookRequest.objects.values_list("state", flat=True)) == {"accepted"}
    assert Event.objects.count() == SyncRecord.objects.aggregate(all=Sum("wanted"))["all"] == RECORDS * TIMES
    runs = 0
    while claims := claim(50):
        runs += sum(settle(claimed, Outcome("posted")) for claimed in claims)
    assert runs == SyncRecord.objects.filter(state="posted").count() == RECORDS


def hear(shop: Connection, number: int) -> None:
    notice = {"resource": "order", "id": str(number % RECORDS)}
    receive(shop, Webhook(json.dumps([notice]).encode(), {"x-shop-password": SECRET}))
    connection.close()


# --- one commit for many ---


def test_those_who_come_while_one_is_written_are_written_together() -> None:
    shop, _ = open_shop()
    slow, batches = threading.Event(), []

    def write(requests: list[WebhookRequest]) -> None:
        batches.append(len(requests))
        slow.wait(5)

    scribe = Scribe(write)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(scribe.store, WebhookRequest(connection=shop))
        await_(lambda: batches == [1])
        others = [pool.submit(scribe.store, WebhookRequest(connection=shop)) for _ in range(4)]
        await_(lambda: len(scribe._waiting) == 4)
        assert not any(one.done() for one in [first, *others]), "nobody may return before his own is safe"
        slow.set()
        for one in [first, *others]:
            one.result(5)
    assert batches == [1, 4]
    scribe.dismiss()


def test_who_loses_his_patience_is_not_written_any_more() -> None:
    shop, _ = open_shop()
    slow, written = threading.Event(), []

    def write(requests: list[WebhookRequest]) -> None:
        written.extend(requests)
        slow.wait(5)

    scribe = Scribe(write, patience=0.2)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(scribe.store, WebhookRequest(connection=shop, body=b"1"))
        await_(lambda: len(written) == 1)
        with pytest.raises(OperationalError):
            scribe.store(WebhookRequest(connection=shop, body=b"2"))
        slow.set()
        with pytest.raises(OperationalError):
            first.result(5)
    scribe.dismiss()
    assert [request.body for request in written] == [b"1"]


def test_a_disturbed_database_is_not_asked_for_each_of_them_again() -> None:
    asked = []

    def refuse(requests: list[WebhookRequest]) -> None:
        asked.append(len(requests))
        raise OperationalError("database is locked")

    entries = [Entry(WebhookRequest()) for _ in range(5)]
    Scribe(refuse)._store(entries)
    assert asked == [5]
    assert all(isinstance(entry.error, DatabaseError) for entry in entries)


# --- one bell for many ---


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the bell was rung, or was to be."""
    moments: list[float] = []
    monkeypatch.setattr(queue, "ring", lambda: moments.append(time.monotonic()))
    return moments


def test_a_burst_is_rung_for_a_few_times_and_its_last_is_not_forgotten(rung: list[float]) -> None:
    ringer = Ringer()
    began = time.monotonic()
    ringer.ring_soon()
    await_(lambda: len(rung) == 1)
    for _ in range(200):
        last = time.monotonic()
        ringer.ring_soon()
        time.sleep(0.001)
    ringer.dismiss()
    assert 2 <= len(rung) <= (time.monotonic() - began) / ringing.EVERY + 1
    assert rung[-1] >= last


def test_a_bell_that_could_not_be_rung_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def fail_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("database is locked")

    monkeypatch.setattr(queue, "ring", fail_once)
    monkeypatch.setattr(ringing, "AGAIN", 0.01)
    ringer = Ringer()
    ringer.ring_soon()
    await_(lambda: len(tries) == 2)
    ringer.dismiss()


def test_a_bell_is_rung_only_after_what_it_rings_for_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, _ = open_shop()
    seen: list[int] = []
    monkeypatch.setattr(storing.ringer, "ring_soon", lambda: seen.append(WebhookRequest.objects.count()))
    hear(shop, 1)
    assert seen == [1]


# --- the threads ---


def test_an_attendant_is_gone_after_a_while_and_comes_back_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.intake.attendant.LINGER", 0.05)
    threads: list[Any] = []
    attendant = Attendant("somebody", lambda: threads.append(threading.current_thread()))
    for count in (1, 2):
        attendant.call()
        await_(lambda: len(threads) == count)  # noqa: B023 - awaited at once
        await_(lambda: not threads[-1].is_alive())
    assert threads[0] is not threads[1]


def test_a_forked_process_has_a_scribe_of_its_own() -> None:
    shop, _ = open_shop()
    hear(shop, 1)
    assert not ended(start_child(lambda: hear(shop, 2)))
    hear(shop, 3)
    assert WebhookRequest.objects.count() == 3


def test_what_was_called_for_is_done_before_it_is_dismissed() -> None:
    done: list[int] = []
    attendant = Attendant("somebody", lambda: (time.sleep(0.05), done.append(1))[0])
    attendant.call()
    attendant.dismiss()
    assert done == [1]
    scribe.dismiss()
    scribe.dismiss()


def await_(happens: Any) -> None:
    deadline = time.monotonic() + 10
    while not happens():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.005)
