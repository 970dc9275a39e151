"""The hub notices by itself that its database is an older state, or is in another place, and recovers once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from hub import tasks
from hub.engine import epoch, sightings
from hub.models import Alert, Flow, Installation
from tests.dumps import Dump
from tests.hub.restoring import assert_whole, open_alerts
from tests.hub.world import World


def test_a_fresh_hub_and_one_that_just_goes_on_notice_nothing(world: World) -> None:
    for _ in range(3):
        world.place()
        world.sync()
        tasks.sweep()
    assert Installation.objects.get().epoch == 1
    assert not Alert.objects.exists()


def test_a_restored_backup_is_noticed_and_told(world: World, dump: Callable[[], Dump]) -> None:
    before = dump()
    world.place()
    world.sync()
    before.put_back()
    Flow.objects.update(look_before=None)
    tasks.sweep()
    alert = Alert.objects.get()
    assert (alert.kind, alert.key) == ("restored", epoch.WENT_BACK)
    assert "restored from a backup" in alert.message and "1 flow will look in the books" in alert.message
    assert "switch it off" in alert.remedy
    assert Installation.objects.get().epoch == 2
    assert Flow.objects.get().look_before > timezone.now()  # type: ignore[operator]


def test_it_is_noticed_once(world: World, dump: Callable[[], Dump]) -> None:
    before = dump()
    world.place()
    world.sync()
    before.put_back()
    for _ in range(3):
        world.sync()
        tasks.sweep()
    assert Installation.objects.get().epoch == 2
    assert Alert.objects.count() == 1


def test_the_same_backup_restored_again_is_noticed_again(world: World, dump: Callable[[], Dump]) -> None:
    before = dump()
    for _ in range(3):
        world.place()
        world.sync()
        before.put_back()
    world.sync()
    assert Installation.objects.get().epoch == 4
    assert_whole(world)


def test_of_workers_that_start_together_one_recovers_and_the_others_wait(
    world: World, dump: Callable[[], Dump]
) -> None:
    before = dump()
    world.place()
    world.sync()
    before.put_back()
    together = threading.Barrier(4)

    def start() -> None:
        together.wait()
        epoch.watch()
        seen.append(Installation.objects.get().epoch)
        connection.close()

    seen: list[int] = []
    workers = [threading.Thread(target=start) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert seen == [2, 2, 2, 2]


def test_a_database_in_another_place_is_taken_for_a_copy(world: World) -> None:
    world.work()
    Installation.objects.update(place="elsewhere")
    world.work()
    assert open_alerts() == [epoch.COPIED]
    assert epoch.gives_way()
    assert Installation.objects.get().place != "elsewhere"


def test_a_file_that_was_replaced_is_read_anew(world: World, dump: Callable[[], Dump]) -> None:
    before = dump()
    world.place()
    world.sync()
    before.put_back(elsewhere=True)
    world.sync()
    assert open_alerts() == [epoch.WENT_BACK], "this machine knows that it was here"
    assert_whole(world)


def test_a_folder_that_cannot_be_written_stops_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR", Path("/proc/nowhere"))
    world.place()
    world.sync()
    assert_whole(world)


def test_what_is_not_readable_in_the_folder_is_as_if_it_were_not_there(world: World) -> None:
    world.work()
    lineage = Installation.objects.get().lineage
    sightings._file(lineage).write_text("{")
    world.work()
    assert sightings.greatest(lineage) > sightings.NEVER


def test_another_worker_that_goes_on_between_our_two_looks_is_no_restored_backup(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the database says is read before the file that says what this machine has seen."""
    greatest = sightings.greatest

    def after_another_one_went_on(lineage: UUID) -> sightings.Sight:
        monkeypatch.setattr(sightings, "greatest", greatest)
        epoch.advance()
        return greatest(lineage)

    epoch.watch()
    monkeypatch.setattr(sightings, "greatest", after_another_one_went_on)
    epoch.watch()
    assert open_alerts() == []
    assert Installation.objects.get().epoch == 1
