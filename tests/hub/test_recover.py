"""The command `recover`: what it says, what it refuses, and what it makes the hub read again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError
from django.utils import timezone

from hub.engine import epoch
from hub.intake.cursors import readings
from hub.models import Alert, Cursor, Event, Installation, SyncRecord
from tests.hub.restoring import by_hand, open_alerts, recover
from tests.hub.world import World


def test_the_command_says_what_it_did(world: World) -> None:
    world.place()
    world.poll()
    said = recover("2026-03-14")
    assert "1 flow will look in the books" in said
    assert "since 13 Mar 2026 23:00 is read again" in said and "(1 list)" in said
    assert "1 unsettled record will be worked on now" in said
    assert "switch it off" in said


def test_recovering_twice_is_recovering_once(world: World) -> None:
    world.place()
    world.sync()
    before = world.books.state()
    for _ in range(2):
        recover("2026-03-14T10:15:00+01:00")
        world.sync()
    assert world.books.state() == before
    assert not Alert.objects.exists()


def test_a_person_who_recovers_closes_what_was_noticed(world: World) -> None:
    world.work()
    Installation.objects.update(place="elsewhere")
    world.work()
    by_hand()
    world.work()
    assert open_alerts() == []
    assert not epoch.gives_way()


@pytest.mark.parametrize(
    ("since", "wrong"),
    [
        ("last tuesday", "'last tuesday' is neither a date nor an instant. Write it as 2026-03-14"),
        ("2026-02-31", "'2026-02-31' is neither a date nor an instant"),
        ("2999-01-01", "2999-01-01 lies in the future. Give the time at which the backup was made"),
    ],
)
@pytest.mark.django_db
def test_a_time_that_cannot_be_is_refused(since: str, wrong: str) -> None:
    with pytest.raises(CommandError) as refused:
        recover(since)
    assert f"--since: {wrong}" in str(refused.value)


def test_what_changed_since_then_is_read_again_once(world: World) -> None:
    world.place()
    world.sync()
    SyncRecord.objects.all().delete()
    Event.objects.all().delete()
    recover(timezone.now() - dt.timedelta(hours=3))
    assert world.poll()
    assert SyncRecord.objects.count() == 1
    assert Cursor.objects.get().again_from is None


def test_a_second_reading_loses_nothing_of_the_first(world: World) -> None:
    """Where the first stands, compared to our clock, nobody can tell: it goes on from there."""
    world.place()
    world.poll()
    standing = Cursor.objects.get().value
    recover(timezone.now())
    assert Cursor.objects.get().value == standing


def test_nothing_from_before_the_connection_s_beginning_is_read(world: World) -> None:
    world.place()
    world.poll()
    world.source.poll_from = timezone.now() - dt.timedelta(days=2)
    recover("2020-01-01")
    _, second = readings(world.source, "order")
    assert second.start == {"since": world.source.poll_from.isoformat()}
