"""A bell is for all workers: it is taken where somebody can answer it. Schedules hold whatever the clock did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from hub.queue import Doorbell, bells, ring
from hub.queue.doorbell import FORKING
from hub.queue.schedules import ensure_schedules, mend_schedules

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Doorbell]:
    monkeypatch.setattr("hub.queue.doorbell.FALLBACK", 0.05)
    Doorbell.free = FORKING.Semaphore(1)
    yield Doorbell("hub")
    Doorbell.free = None


def test_a_bell_is_left_to_others_while_nobody_here_is_free(one_worker: Doorbell) -> None:
    ring()
    assert len(one_worker.dequeue()) == 1
    ring()
    assert one_worker.dequeue() == []
    assert bells() == 1
    Doorbell.let_go()
    assert len(one_worker.dequeue()) == 1


def test_looking_in_vain_keeps_nobody_busy(one_worker: Doorbell) -> None:
    assert [one_worker.dequeue() for _ in range(3)] == [[], [], []]
    ring()
    assert len(one_worker.dequeue()) == 1


def test_a_task_that_cannot_be_read_keeps_nobody_busy(one_worker: Doorbell) -> None:
    ring()
    one_worker.fail(one_worker.dequeue()[0][0])
    assert OrmQ.objects.count() == 0
    ring()
    assert len(one_worker.dequeue()) == 1


def test_schedules_of_a_clock_that_was_ahead_run_now() -> None:
    ensure_schedules()
    now = timezone.now()
    Schedule.objects.filter(name="sweep").update(next_run=now + dt.timedelta(days=300))
    Schedule.objects.filter(name="poll").update(next_run=now + dt.timedelta(minutes=1))
    mend_schedules()
    planned = dict(Schedule.objects.values_list("name", "next_run"))
    assert planned["sweep"] <= timezone.now()
    assert planned["poll"] == now + dt.timedelta(minutes=1)
