"""A system that is down: its connection is closed for everybody, asked once in a while, and then all goes on by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from connectors import clock, models
from connectors.errors import Rejected, RetryLater
from connectors.models import Connection
from hub.engine import calling
from hub.engine.claim import due
from hub.engine.drain import drain
from hub.engine.probing import probe_away
from hub.engine.schedule import seconds_until_due
from hub.models import SyncRecord
from tests.hub.world import World

State = Connection.State
DOWN = {"kind": "status", "status": 503, "times": -1}


@pytest.fixture(autouse=True)
def short_absences(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(models, "SHORTEST_ABSENCE", 0.2)
    monkeypatch.setattr(models, "LONGEST_ABSENCE", 0.4)
    calling._failed.clear()
    yield
    calling._failed.clear()


def fail_until_away(world: World, side: str = "books") -> Connection:
    """Several records meet the outage; none of them is to blame."""
    for seed in range(calling.OUTAGE):
        world.place(kind="simple", seed=seed)
    world.poll()
    world.fault(on=side, **DOWN)
    drain(threads=1)
    connection = world.target if side == "books" else world.source
    connection.refresh_from_db()
    return connection


def asked_of(world: World) -> int:
    return len(world.books.log)


@pytest.mark.parametrize("side", ["books", "store"])
def test_a_system_that_does_not_answer_closes_its_connection(world: World, side: str) -> None:
    connection = fail_until_away(world, side)
    assert connection.state == State.AWAY
    assert "503" in connection.state_reason
    assert not due(timezone.now()).exists()


def test_no_record_is_tried_while_the_books_are_away(world: World) -> None:
    fail_until_away(world)
    before = SyncRecord.objects.order_by("pk").values_list("failures", flat=True)
    tried = list(before)
    SyncRecord.objects.update(due_at=clock.now())
    drain(threads=1)
    assert list(before.all()) == tried


def test_one_worker_asks_with_one_harmless_call(world: World) -> None:
    connection = fail_until_away(world)
    Connection.objects.filter(pk=connection.pk).update(paused_until=clock.now())
    asked = asked_of(world)
    probe_away()
    probe_away()
    assert [entry[0] for entry in world.books.log[asked:]] == ["GET"]


def test_pauses_between_probes_grow_up_to_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "SHORTEST_ABSENCE", 10.0)
    monkeypatch.setattr(models, "LONGEST_ABSENCE", 30.0)
    connection = fail_until_away(world)
    pauses = []
    for _ in range(3):
        Connection.objects.filter(pk=connection.pk).update(paused_until=clock.now())
        probe_away()
        connection.refresh_from_db()
        assert connection.paused_until
        pauses.append(round((connection.paused_until - timezone.now()).total_seconds()))
    assert pauses == [20, 30, 30]


@pytest.mark.parametrize("side", ["books", "store"])
def test_when_it_answers_again_everything_goes_on_by_itself(world: World, side: str) -> None:
    fail_until_away(world, side)
    getattr(world, side).faults.clear()
    world.work()
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"posted"}
    assert len(world.invoices) == calling.OUTAGE
    assert set(Connection.objects.values_list("state", flat=True)) == {State.OK}


def test_what_the_outage_has_spaced_out_is_due_at_once_the_oldest_first(world: World) -> None:
    connection = fail_until_away(world)
    SyncRecord.objects.update(due_at=timezone.now() + dt.timedelta(hours=1), failures=9, state="waiting")
    world.books.faults.clear()
    Connection.objects.filter(pk=connection.pk).update(paused_until=clock.now())
    assert probe_away() == 1
    found = list(due(timezone.now()).values_list("pk", "failures"))
    assert found == [(pk, 0) for pk in sorted(SyncRecord.objects.values_list("pk", flat=True))]


def test_a_probe_that_is_refused_asks_for_login(world: World) -> None:
    connection = fail_until_away(world)
    Connection.objects.filter(pk=connection.pk).update(
        paused_until=clock.now(), secrets={**connection.secrets, "access_token": "wrong", "refresh_token": "wrong"}
    )
    world.books.faults.clear()
    probe_away()
    connection.refresh_from_db()
    assert connection.state == State.NEEDS_LOGIN


def test_an_answer_in_between_is_no_outage(world: World) -> None:
    """One record that always breaks, among others that do not, closes nothing."""
    for _ in range(3 * calling.OUTAGE):
        with pytest.raises(Exception, match="again"), calling.calling(world.target):
            raise calling.RetryLater("once again")
        with calling.calling(world.target):
            pass
    world.target.refresh_from_db()
    assert world.target.state == State.OK


def test_a_refusal_in_between_is_an_answer_too(world: World) -> None:
    for _ in range(3 * calling.OUTAGE):
        with pytest.raises(RetryLater), calling.calling(world.target):
            raise RetryLater("away")
        with pytest.raises(Rejected), calling.calling(world.target):
            raise Rejected("no")
    world.target.refresh_from_db()
    assert world.target.state != State.AWAY


def test_threads_that_notice_an_outage_at_once_all_say_so(world: World) -> None:
    """None of them stumbles over what another has counted."""

    def fail(_: int) -> None:
        try:
            with calling.calling(world.target):
                raise RetryLater("away")
        except RetryLater:
            pass
        finally:
            database.close()

    calling._failed[calling._key(world.target)] = calling.OUTAGE
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fail, range(40)))
    world.target.refresh_from_db()
    assert world.target.state == State.AWAY


def test_the_end_of_the_outage_is_planned_for(world: World) -> None:
    fail_until_away(world)
    SyncRecord.objects.update(due_at=clock.now())
    rest = seconds_until_due()
    assert rest is not None and rest <= 0.4


def test_nothing_new_is_begun_while_the_calls_of_this_window_are_used_up(make_world: Any) -> None:
    world: World = make_world()
    world.place(kind="simple")
    world.poll()
    world.target.spend(30)
    asked = asked_of(world)
    drain(threads=1)
    assert asked_of(world) == asked
    assert world.record().starts == 0
    rest = seconds_until_due()
    assert rest is not None and 25 < rest <= 30


def test_a_spent_window_that_is_over_lets_work_go_on(world: World) -> None:
    world.place(kind="simple")
    world.poll()
    world.target.spend(0.2)
    world.work()
    assert world.record().state == "posted"
