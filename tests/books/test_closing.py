"""A month is closed when it agrees, is over, and nothing before it is open; and reopened with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connection

from connectors.models import Connection
from hub.books.closing import close, over_at, reopen
from hub.books.lock_dates import Refused, move
from hub.books.months import Month
from hub.models import ClosedMonth, Event, Flow, LockDateMove, Posting, SyncRecord, WebhookRequest
from tests.admin import town
from tests.books.ledger_of_march import NOW, held, on, sold

FEBRUARY, MARCH = (Month.of(dt.date(2026, month, 1)) for month in (2, 3))


@pytest.fixture
def north(db: None) -> Flow:
    flow = town.flow(town.store(), town.books())
    sold(flow, 20, dt.date(2026, 3, 14))
    held(flow, 3, MARCH.last)
    return flow


@pytest.fixture(autouse=True)
def april() -> object:
    with time_machine.travel(NOW, tick=True):
        yield


def lock_date() -> dt.date | None:
    return Connection.objects.get(name="books").lock_date


def refused(north: Flow, month: Month = MARCH) -> str:
    with pytest.raises(Refused) as error:
        close(north.target, month, "ada")
    assert not ClosedMonth.objects.filter(month=month.first, reopened_at=None, closed_by="ada").exists()
    return str(error.value)


def test_a_month_that_agrees_is_closed_and_locked(north: Flow) -> None:
    closed = close(north.target, MARCH, "ada", " all well ")
    assert (lock_date(), closed.closed_by, closed.note) == (MARCH.last, "ada", "all well")
    [pair] = closed.figures["pairs"]
    assert (pair["posted"], pair["held"]["count"]) == ({"count": 1, "total": "64.80"}, 1)


def test_a_month_that_does_not_agree_is_not_closed(north: Flow) -> None:
    SyncRecord.objects.filter(state="held").update(state="failed")
    assert "do not agree for March 2026: north-orders (GBP)" in refused(north)
    assert lock_date() is None


def test_a_month_is_not_closed_before_it_is_over_for_the_last_of_its_stores(north: Flow) -> None:
    north.source.settings["timezone"] = "America/Los_Angeles"
    north.source.save()
    assert over_at(north.target, MARCH) == dt.datetime(2026, 4, 1, 7, tzinfo=dt.UTC)
    with time_machine.travel(dt.datetime(2026, 4, 1, 6, 59, tzinfo=dt.UTC)):
        assert "not over yet" in refused(north)
    with time_machine.travel(dt.datetime(2026, 4, 1, 7, 1, tzinfo=dt.UTC)):
        close(north.target, MARCH, "ada")


def test_a_store_that_does_not_say_its_zone_may_be_anywhere(north: Flow) -> None:
    assert over_at(north.target, MARCH) == dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)


def test_an_earlier_month_with_trade_is_closed_first(north: Flow) -> None:
    sold(north, 21, dt.date(2026, 2, 3))
    assert "February 2026 has trade and is still open" in refused(north)
    close(north.target, FEBRUARY, "ada")
    close(north.target, MARCH, "ada")
    assert lock_date() == MARCH.last


@pytest.mark.parametrize("why", ["locked by hand", "before the cut-over", "only skipped"])
def test_earlier_trade_that_is_not_open_stands_in_nobody_s_way(north: Flow, why: str) -> None:
    old = sold(north, 21, dt.date(2026, 2, 3))
    if why == "locked by hand":
        move(north.target, FEBRUARY.last, "ada", "")
    elif why == "before the cut-over":
        assert north.version
        north.version.policy = {**north.version.policy, "cut_over": "2026-03-01"}
        north.version.save()
    else:
        SyncRecord.objects.filter(pk=old.pk).update(state="skipped")
        Posting.objects.filter(record=old).delete()
    close(north.target, MARCH, "ada")


def test_a_document_that_may_be_on_its_way_stands_against_closing(north: Flow) -> None:
    """Of an order of February, so that the pairs of March know nothing of it."""
    move(north.target, FEBRUARY.last, "ada", "")
    late = on(town.posted(north, 21), dt.date(2026, 2, 3), posted=dt.date(2026, 3, 1))
    SyncRecord.objects.filter(pk=late.pk).update(state="waiting")
    Posting.objects.filter(record=late, resource="invoice").update(state="sent")
    assert "1 document of this month or before is being posted or looked for" in refused(north)
    Posting.objects.filter(record=late).update(state="done")
    close(north.target, MARCH, "ada")


def test_a_document_that_somebody_is_at_stands_against_closing(north: Flow) -> None:
    move(north.target, FEBRUARY.last, "ada", "")
    late = on(town.posted(north, 21), dt.date(2026, 2, 3), posted=dt.date(2026, 3, 1))
    SyncRecord.objects.filter(pk=late.pk).update(state="working")
    assert "being posted" in refused(north)


def test_a_closed_month_is_not_closed_again(north: Flow) -> None:
    close(north.target, MARCH, "bo")
    assert "closed already, by bo" in refused(north)


def test_what_comes_later_into_other_books_is_none_of_theirs(north: Flow) -> None:
    other = town.flow(town.store("south-store"), town.books("other-books"), "south-orders")
    sold(other, 25, dt.date(2026, 2, 3))
    SyncRecord.objects.filter(flow=other).update(state="failed")
    close(north.target, MARCH, "ada")
    assert Connection.objects.get(name="other-books").lock_date is None


def test_a_lock_date_that_is_later_already_stays(north: Flow) -> None:
    move(north.target, dt.date(2026, 4, 2), "ada", "")
    close(north.target, MARCH, "ada")
    assert lock_date() == dt.date(2026, 4, 2)


def test_reopening_puts_the_lock_date_back_and_keeps_why(north: Flow) -> None:
    move(north.target, dt.date(2026, 2, 10), "ada", "")
    closed = close(north.target, MARCH, "ada")
    reopen(closed, "bo", "a refund was missing")
    closed.refresh_from_db()
    assert (lock_date(), closed.reopened_by, closed.reopened_because) == (
        dt.date(2026, 2, 10),
        "bo",
        "a refund was missing",
    )
    close(north.target, MARCH, "ada")
    assert ClosedMonth.objects.count() == 2


def test_reopening_needs_a_reason(north: Flow) -> None:
    with pytest.raises(Refused, match="Say why"):
        reopen(close(north.target, MARCH, "ada"), "bo", "  ")
    assert lock_date() == MARCH.last


def test_only_the_latest_month_is_reopened(north: Flow) -> None:
    sold(north, 21, dt.date(2026, 2, 3))
    february, march = close(north.target, FEBRUARY, "ada"), close(north.target, MARCH, "ada")
    with pytest.raises(Refused, match="March 2026 was closed after it"):
        reopen(february, "bo", "why not")
    reopen(march, "bo", "first this")
    reopen(february, "bo", "then that")
    assert lock_date() is None
    with pytest.raises(Refused, match="open already"):
        reopen(february, "bo", "once more")


def test_every_move_is_remembered(north: Flow) -> None:
    reopen(close(north.target, MARCH, "ada"), "bo", "a refund was missing")
    told = list(LockDateMove.objects.order_by("pk").values_list("origin", "to", "moved_by", "reason"))
    assert told == [
        (None, MARCH.last, "ada", "March 2026 was closed"),
        (MARCH.last, None, "bo", "March 2026 was reopened: a refund was missing"),
    ]


def test_by_hand_the_lock_date_goes_back_only_with_a_reason_and_never_past_a_closed_month(north: Flow) -> None:
    move(north.target, dt.date(2026, 2, 20), "ada", "")
    with pytest.raises(Refused, match="Say why"):
        move(north.target, dt.date(2026, 2, 10), "ada", "")
    move(north.target, dt.date(2026, 2, 10), "ada", "the bank statement came late")
    close(north.target, MARCH, "ada")
    for wanted in (None, dt.date(2026, 3, 30)):
        with pytest.raises(Refused, match="March 2026 was closed by ada"):
            move(north.target, wanted, "ada", "why not")
    move(north.target, dt.date(2026, 4, 1), "ada", "")
    assert lock_date() == dt.date(2026, 4, 1)


EVENING = dt.datetime(2026, 4, 1, 1, 30, tzinfo=dt.UTC)
"""Still 31 March in Los Angeles, and April where the server is."""


@pytest.fixture
def west(north: Flow) -> Iterator[Flow]:
    """On the first morning on which March may be closed."""
    north.source.settings["timezone"] = "America/Los_Angeles"
    north.source.save()
    Flow.objects.update(created_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    with time_machine.travel(dt.datetime(2026, 4, 1, 15, tzinfo=dt.UTC), tick=True):
        yield north


def told(west: Flow, what: str, at: dt.datetime = EVENING) -> None:
    """Something comes in that nobody has read."""
    event: dict[str, Any] = {"connection": west.source, "resource": "order", "key": "k", "door": "webhook"}
    match what:
        case "a webhook":
            made: Any = WebhookRequest.objects.create(connection=west.source, body=b"{}", verified=True)
        case "a notice without its record's name":
            made = Event.objects.create(**event, lookup="000000031", resolve_at=at)
        case "a notice without a record":
            made = Event.objects.create(**event, source_id="31")
        case state:
            record = SyncRecord.objects.create(flow=west, source_id="31", state=state, date=at.date())
            SyncRecord.objects.filter(pk=record.pk).update(created_at=at)
            made = Event.objects.create(**event, source_id="31")
    type(made).objects.filter(pk=made.pk).update(received_at=at)


UNREAD = (
    "pending", "waiting", "a webhook", "a notice without its record's name", "a notice without a record",
)  # fmt: skip


@pytest.mark.parametrize("what", UNREAD)
def test_what_was_told_in_a_store_s_last_evening_and_not_read_yet_stands_against_closing(west: Flow, what: str) -> None:
    told(west, what)
    said = refused(west)
    assert "1 notice of north-orders (north-store) may be about March 2026 and has not been read yet" in said
    assert "try again in a minute" in said and "do not agree" not in said


@pytest.mark.parametrize(
    ("system", "state", "enabled", "remedy"),
    [
        ("north-store", "needs_login", True, "north-store asks for a login: log in on its page"),
        ("books", "needs_login", True, "books asks for a login: log in on its page"),
        ("north-store", "away", True, "north-store does not answer just now: they are read by themselves when it does"),
        ("north-store", "ok", False, "The flow is switched off: switch it on"),
    ],
)
def test_what_is_not_read_says_what_it_waits_for(
    west: Flow, system: str, state: str, enabled: bool, remedy: str
) -> None:
    told(west, "waiting")
    Connection.objects.filter(name=system).update(state=state)
    Flow.objects.update(enabled=enabled)
    assert remedy in refused(west)


@pytest.mark.parametrize("state", ["failed", "held"])
def test_what_could_never_be_read_asks_for_a_person(west: Flow, state: str) -> None:
    told(west, state)
    assert "has never been read" in refused(west) and "Dead letters" in refused(west)
    SyncRecord.objects.filter(state=state, currency="").update(state="skipped")
    close(west.target, MARCH, "ada")


@pytest.mark.parametrize("what", UNREAD)
def test_what_is_told_a_day_after_the_month_is_the_next_month_s(west: Flow, what: str) -> None:
    """A day is left for what comes late, and no more: there is always something that was told just now."""
    with time_machine.travel(NOW, tick=True):
        told(west, what, dt.datetime(2026, 4, 2, 7, tzinfo=dt.UTC))
        close(west.target, MARCH, "ada")


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_close_once(transactional_db: None) -> None:
    flow = town.flow(town.store(), town.books())
    sold(flow, 20, dt.date(2026, 3, 14))

    def press(who: str) -> bool:
        try:
            close(flow.target, MARCH, who)
        except Refused as error:
            assert "closed already" in str(error)
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, ("ada", "bo", "cy", "di"))) == 1
    assert ClosedMonth.objects.count() == 1
