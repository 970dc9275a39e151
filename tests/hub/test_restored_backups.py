"""The database is restored from a backup: the books know more than the journal does, and nothing doubles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from connectors import http
from hub.engine.drain import drain
from hub.models import Cursor, Event, Flow, Link, Posting, SyncRecord
from tests.dumps import Dump
from tests.hub.dying import die, in_a_child, time_passes
from tests.hub.restoring import assert_whole, by_hand, by_itself, writes
from tests.hub.world import World

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
    world.store.place({"capture": world.number(unpaid)})
    world.store.place({"refund": world.number(paid)})
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
    number = world.number(world.place())
    world.sync()
    before.put_back()
    world.sync()
    [[said]] = world.store.told().values()
    assert number in said


@pytest.mark.parametrize("placed", ["before", "after"])
def test_only_what_was_placed_before_is_looked_for(world: World, placed: str) -> None:
    moment = timezone.now() + dt.timedelta(hours=1 if placed == "before" else -1)
    Flow.objects.update(look_before=moment)
    world.place()
    world.sync()
    assert looks(world) == (2 if placed == "before" else 0)


def test_what_a_store_stamps_ahead_of_us_is_looked_for_by_when_we_heard_of_it(world: World) -> None:
    placed_at = world.read(world.place()).placed_at
    hour = dt.timedelta(hours=1)
    Flow.objects.update(look_before=placed_at - hour)
    world.poll()
    SyncRecord.objects.update(created_at=placed_at - 2 * hour)
    world.work()
    assert looks(world) == 2


def test_what_belongs_to_an_invoice_that_was_there_already_is_looked_for_too(world: World) -> None:
    """The books refuse its number, and only so is it found."""
    world.place(kind="partial_refund")
    world.sync()
    for model in (Posting, Link, SyncRecord, Event, Cursor):
        model.objects.all().delete()
    Flow.objects.update(look_before=timezone.now() - dt.timedelta(days=3000))
    world.sync()
    assert_whole(world)
    assert len(world.payments) == len(world.credit_notes) == 1


def test_a_new_flow_looks_for_what_was_placed_before_it_was_made(world: World) -> None:
    assert timezone.now() - world.flow.look_before < dt.timedelta(minutes=1)  # type: ignore[operator]


def looks(world: World) -> int:
    """Searches for an invoice: what is active or archived, and what is deleted."""
    return sum(method == "GET" and path.endswith("/invoices") for method, path, _ in world.books.log)
