"""Machines whose clocks are wrong, each by hours: PostgreSQL's own clock decides. SQLite serves one machine, which has
one clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection

from connectors import clock
from connectors.budget import Process
from connectors.errors import RateLimited
from hub.engine.claim import claim
from hub.engine.schedule import seconds_until_due
from hub.models import SyncRecord
from tests.hub.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite serves one machine"),
]
HOURS = pytest.mark.parametrize("wrong_by", [-6 * 3600, 6 * 3600], ids=["behind", "ahead"])


@pytest.fixture
def jump() -> Iterator[Callable[[float], object]]:
    """From now on this machine's clock is wrong by so many seconds more."""
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=True) as travel:
        yield lambda seconds: travel.shift(dt.timedelta(seconds=seconds))
    clock._agreed = None


def database_s() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: dt.datetime = cursor.fetchone()[0]
    return told


@HOURS
def test_a_clock_that_jumps_is_seen_through_at_once(jump: Callable[[float], object], wrong_by: float) -> None:
    clock.now()
    jump(wrong_by)
    assert abs((clock.now() - database_s()).total_seconds()) < 1


@HOURS
def test_a_machine_whose_clock_jumps_takes_nothing_from_another(
    world: World, jump: Callable[[float], object], wrong_by: float
) -> None:
    world.place(kind="simple")
    world.poll()
    [held] = claim()
    jump(wrong_by)
    assert claim() == []
    held.renew()
    held.require_time()


@HOURS
def test_a_pause_is_as_long_as_was_asked_for(world: World, jump: Callable[[float], object], wrong_by: float) -> None:
    jump(wrong_by)
    world.target.pause(20, "slow down")
    world.target.refresh_from_db()
    assert world.target.paused_until
    assert 18 < (world.target.paused_until - database_s()).total_seconds() <= 20
    with pytest.raises(RateLimited) as refused:
        Process().refuse_while_paused(world.target.pk)
    assert 17 < refused.value.wait <= 20


@HOURS
def test_what_is_due_is_known_on_every_machine(world: World, jump: Callable[[float], object], wrong_by: float) -> None:
    world.place(kind="simple")
    world.poll()
    SyncRecord.objects.update(due_at=database_s() + dt.timedelta(seconds=20))
    jump(wrong_by)
    rest = seconds_until_due()
    assert rest is not None
    assert 17 < rest <= 20
