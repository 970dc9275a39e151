"""A worker that is asked to stop ends its long rounds at the next safe point; the next worker goes on from there."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from connectors.models import Connection
from hub import tasks
from hub.intake.completeness.rounds import count_tonight
from hub.models import Completeness, Cursor, RateSource, SyncRecord
from hub.queue import is_over, is_stopping, stopping
from hub.rates.asking import ask_all
from tests.hub.corner_shop import open_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]
Stop = Callable[[bool], None]


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Stop:
    """As the cluster's signal does; and as the next worker finds it."""
    asked = bytearray(1)
    monkeypatch.setattr(stopping, "_asked", asked)

    def turn(on: bool) -> None:
        asked[0] = on

    return turn


def records() -> list[str]:
    return sorted(SyncRecord.objects.values_list("source_id", flat=True))


def test_a_poll_ends_with_the_notice_that_it_has_kept(stop: Stop) -> None:
    _, script = open_shop()

    def changed() -> Iterator[str]:
        yield "1"
        stop(True)
        yield from ("2", "3")

    script.changed = changed
    tasks.poll_all()
    assert (records(), Cursor.objects.get().value) == (["1", "2"], {"since": "2"})
    stop(False)
    script.changed = lambda: ("3",)
    tasks.poll_all()
    assert records() == ["1", "2", "3"]


def test_a_stopping_worker_asks_no_further_store(stop: Stop) -> None:
    asked: list[str] = []
    for name in ("a", "b"):
        _, script = open_shop(name)
        script.changed = lambda name=name: asked.append(name) or ()  # type: ignore[misc]
    stop(True)
    tasks.poll_all()
    assert asked == []


def test_the_nightly_count_ends_with_the_day_that_it_is_at(stop: Stop) -> None:
    _, script = open_shop()
    Connection.objects.update(created_at=timezone.now() - dt.timedelta(days=100))

    def listed(day: dt.date) -> tuple[str, ...]:
        stop(len(script.days) >= 2)
        return ()

    script.listed = listed
    count_tonight(math.inf)
    row = Completeness.objects.get()
    assert (len(script.days), row.ended_at) == (2, None)
    stop(False)
    script.listed = lambda day: ()
    Completeness.objects.update(next_at=None)
    count_tonight(math.inf)
    assert Completeness.objects.get().ended_at and len(script.days) == len(set(script.days))


def test_a_stopping_worker_begins_no_count_and_asks_for_no_rates(stop: Stop) -> None:
    _, script = open_shop()
    RateSource.objects.create(name="bank", url="https://bank.example/rates.csv")
    stop(True)
    count_tonight(math.inf)
    assert (script.days, ask_all(), RateSource.objects.get().next_at) == ([], [], None)


def test_without_a_stop_only_the_time_ends_a_round(stop: Stop) -> None:
    assert not is_stopping() and not is_over(math.inf) and is_over(0.0)
    stop(True)
    assert is_over(math.inf)
