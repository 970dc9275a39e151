"""The database is restored from a backup, or copied: the books know more than the journal does, and nothing doubles."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from connectors import http
from hub import tasks
from hub.alerts import end_alert
from hub.engine import epoch, sightings
from hub.engine.drain import drain
from hub.intake.cursors import readings
from hub.models import Alert, Cursor, Event, Flow, Installation, Posting, SyncRecord
from tests.dumps import Dump, dump_of_now
from tests.hub.dying import die, in_a_child, time_passes
from tests.hub.world import World
from tests.oracle import violations


@pytest.fixture(autouse=True)
def no_memory_of_other_databases() -> None:
    epoch._gives_way = False


@pytest.fixture
def dump(world: World, tmp_path: Path) -> Iterator[Callable[[], Dump]]:
    """Takes one when called. The books take any number twice, so that it is not they who prevent the worst."""
    world.books.switch["duplicate_numbers"] = "allow"
    world.work()
    taken: list[Dump] = []

    def take() -> Dump:
        taken.append(Dump(tmp_path).take())
        return taken[-1]

    yield take
    for one in taken:
        one.drop()


def recover(since: dt.datetime | str) -> str:
    output = StringIO()
    call_command("recover", since=str(since), stdout=output)
    return output.getvalue()


def by_hand() -> None:
    recover(timezone.now() - dt.timedelta(minutes=1))


def by_itself() -> None:
    """Nobody does anything."""


def open_alerts() -> list[str]:
    return list(Alert.objects.filter(kind=Alert.Kind.RESTORED, ended_at=None).values_list("key", flat=True))


def assert_whole(world: World) -> None:
    assert violations(world.store.expectations(), world.books.state()) == []
    emails = [client["email"].lower() for client in world.clients]
    assert len(emails) == len(set(emails))
    unsettled = SyncRecord.objects.exclude(state__in=["posted", "skipped"])
    assert list(unsettled.values_list("state", "message")) == []


ways = pytest.mark.parametrize("way", [by_hand, by_itself])


@ways
def test_what_the_lost_time_booked_is_found_and_not_booked_again(
    world: World, dump: Callable[[], Dump], way: Callable[[], None]
) -> None:
    before = dump()
    world.place(kind="gift_card")
    world.sync()
    written = writes(world)
    before.put_back()
    assert not Posting.objects.filter(resource="invoice").exists()
    way()
    world.sync()
    assert_whole(world)
    assert writes(world) == written, "something was made or changed that was there already"
    assert Posting.objects.get(resource="invoice").adopted


@ways
def test_money_that_came_and_went_in_the_lost_time_is_booked_once(
    world: World, dump: Callable[[], Dump], way: Callable[[], None]
) -> None:
    unpaid, paid = world.place(kind="shipped_unpaid"), world.place(kind="simple")
    world.sync()
    before = dump()
    world.store.place({"capture": unpaid["increment_id"]})
    world.store.place({"refund": paid["increment_id"]})
    world.sync()
    before.put_back()
    way()
    world.sync()
    assert_whole(world)


@ways
@pytest.mark.parametrize("resource", ["client", "invoice", "payment"])
def test_a_backup_made_while_an_answer_was_awaited(
    world: World, dump: Callable[[], Dump], way: Callable[[], None], resource: str
) -> None:
    before = dump_in_doubt(world, dump, resource)
    time_passes()
    world.work()
    before.put_back()
    way()
    time_passes()
    world.sync()
    assert_whole(world)


def dump_in_doubt(world: World, dump: Callable[[], Dump], resource: str) -> Dump:
    """A worker is killed while it waits for the books."""
    world.place(kind="simple")
    world.poll()

    def doomed() -> None:
        http.before_send.append(
            lambda method, url: die() if method == "POST" and url.endswith(f"/{resource}s") else None
        )
        drain(threads=1)

    assert in_a_child(doomed)
    assert Posting.objects.get(state="sent").resource == resource
    return dump()


def test_the_store_is_not_told_a_second_time(world: World, dump: Callable[[], Dump]) -> None:
    before = dump()
    number = world.place()["increment_id"]
    world.sync()
    before.put_back()
    world.sync()
    assert str(world.store.state()["comments"]).count(f"Booked as invoice {number}") == 1


# --- noticing ---


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


# --- the command ---


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


# --- what is looked for ---


@pytest.mark.parametrize("placed", ["before", "after"])
def test_only_what_was_placed_before_is_looked_for(world: World, placed: str) -> None:
    moment = timezone.now() + dt.timedelta(hours=1 if placed == "before" else -1)
    Flow.objects.update(look_before=moment)
    world.place()
    world.sync()
    assert looks(world) == (2 if placed == "before" else 0)


def test_a_new_flow_looks_for_what_was_placed_before_it_was_made(world: World) -> None:
    assert timezone.now() - world.flow.look_before < dt.timedelta(minutes=1)  # type: ignore[operator]


def looks(world: World) -> int:
    """Searches for an invoice: what is active or archived, and what is deleted."""
    return sum(method == "GET" and path.endswith("/invoices") for method, path, _ in world.books.log)


# --- a second hub ---


def test_as_long_as_a_second_hub_is_suspected_this_one_goes_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DOUBT_DELAY", 1.0)
    world.work()
    Installation.objects.update(place="elsewhere")
    Flow.objects.update(look_before=None)
    world.place()
    world.poll()
    drain(threads=1)
    assert SyncRecord.objects.get().reason == "others_first"
    assert not writes(world)
    world.work(patience=5)
    assert_whole(world)


def test_once_a_person_has_closed_the_notice_it_waits_no_more(world: World) -> None:
    world.work()
    Installation.objects.update(place="elsewhere")
    world.work()
    end_alert(Alert.Kind.RESTORED, epoch.COPIED, by="ada")
    world.place()
    world.poll()
    drain(threads=1)
    assert SyncRecord.objects.get().state == "posted"


def test_payments_of_an_invoice_that_was_just_found_are_left_to_whoever_made_it(world: World) -> None:
    """The other hub is between its invoice and its payment."""
    world.place()
    with dump_of_now(Path(settings.VAR)) as before:
        world.poll()
        world.fault(kind="status", status=503, method="POST", path="/payments/")
        drain(threads=1)
        assert len(world.invoices) == 1 and not world.payments
        before.put_back()
    Flow.objects.update(look_before=None)
    world.poll()
    drain(threads=1)
    record = SyncRecord.objects.get()
    assert (record.reason, len(world.payments)) == ("others_first", 0)
    world.work()
    assert_whole(world)


def writes(world: World) -> list[tuple[str, str]]:
    return [(method, path) for side in (world.store, world.books) for method, path, _ in side.log if method != "GET"]


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
