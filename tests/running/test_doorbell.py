"""The doorbell: one bell for many notices, none before its transaction, none heard twice, schedules that heal."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from hub.queue import Doorbell, bells, doorbell, last_beat, ring, ring_later
from hub.queue.schedules import ensure_schedules

real_transactions = pytest.mark.django_db(transaction=True)
only_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")


@pytest.mark.django_db
def test_many_rings_are_one_bell() -> None:
    for _ in range(5):
        ring()
    assert bells() == 1


@pytest.mark.django_db
def test_a_bell_that_was_taken_is_not_enough() -> None:
    ring()
    OrmQ.objects.update(lock=timezone.now() + dt.timedelta(minutes=8))
    ring()
    assert (bells(), OrmQ.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_another_task_that_waits_is_no_bell() -> None:
    ring()
    OrmQ.objects.update(payload="unreadable")
    ring()
    assert bells() == 2


@real_transactions
def test_a_bell_goes_with_its_transaction() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ring()
        _ = 1 / 0
    assert bells() == 0


@real_transactions
def test_a_bell_is_taken_once() -> None:
    ring()
    broker = Doorbell("hub")
    first, second = broker.dequeue(), broker.dequeue()
    assert (len(first), len(second)) == (1, 0)
    broker.acknowledge(first[0][0])
    assert OrmQ.objects.count() == 0


@only_postgres
@real_transactions
def test_nobody_answers_before_the_rows_are_there_to_be_seen() -> None:
    """A bell that waits already is held until we commit; otherwise it could be answered too early, and ours be lost."""
    ring()
    with transaction.atomic():
        ring()
        assert elsewhere(Doorbell("hub").dequeue) == []
    assert len(elsewhere(Doorbell("hub").dequeue)) == 1


@real_transactions
def test_a_sleeping_worker_hears_the_bell_before_it_would_have_looked_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doorbell, "FALLBACK", 60)
    with sleeping_worker() as heard:
        ring()
    assert heard


@real_transactions
def test_a_bell_for_later_is_heard_when_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "FALLBACK", 60)
    with sleeping_worker() as heard:
        rung = time.monotonic()
        ring_later(0.3)
    assert heard[0] - rung >= 0.3


@real_transactions
def test_nobody_hears_a_bell_for_later_while_it_is_hung_up() -> None:
    """It is inserted first, and told its time after."""
    seen: list[int] = []

    def look(**_: Any) -> None:
        seen.append(elsewhere(bells))

    post_save.connect(look, sender=OrmQ)
    try:
        ring_later(30)
    finally:
        post_save.disconnect(look, sender=OrmQ)
    assert seen == [0]


@pytest.mark.django_db
def test_bells_for_nearly_the_same_time_are_one() -> None:
    for worker in range(5):
        ring_later(30 - worker / 200)
    assert OrmQ.objects.count() == 1
    ring_later(20)
    assert OrmQ.objects.count() == 2


@real_transactions
def test_a_beat_is_seen_by_all() -> None:
    assert last_beat() is None or last_beat() < timezone.now()
    Doorbell("hub").set_stat("any", "thing", 3)
    beat = last_beat()
    assert beat and timezone.now() - beat < dt.timedelta(seconds=5)


@pytest.mark.django_db
def test_schedules_are_made_once_and_mended() -> None:
    ensure_schedules()
    Schedule.objects.filter(name="sweep").update(args="(1,", repeats=0)
    ensure_schedules()
    found = [*Schedule.objects.order_by("name").values_list("name", "func", "minutes", "repeats", "args")]
    assert found == [
        ("completeness", "hub.tasks.count_tonight", 10, -1, None),
        ("poll", "hub.tasks.poll_all", 5, -1, None),
        ("rates", "hub.tasks.ask_for_rates", 60, -1, None),
        ("silence", "hub.tasks.hear_silence", 5, -1, None),
        ("sweep", "hub.tasks.sweep", 1, -1, None),
    ]


@contextmanager
def sleeping_worker() -> Iterator[list[float]]:
    """When it heard its first bell."""
    broker, heard = Doorbell("hub"), []

    def listen() -> None:
        while not heard:
            heard.extend(time.monotonic() for _ in broker.dequeue())
        connection.close()

    listener = threading.Thread(target=listen)
    listener.start()
    time.sleep(0.3)
    yield heard
    listener.join(20)


def elsewhere(call: Any) -> Any:
    """The same on another connection."""
    answer: list[Any] = []

    def run() -> None:
        answer.append(call())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    return answer[0]
