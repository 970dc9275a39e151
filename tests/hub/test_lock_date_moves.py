"""The books are closed while documents of those days are on their way: whatever moment it is, nothing is written there
any more, and everything is booked, on the first open day where it was not in the books yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.books.agreement import agreement
from hub.engine import decisions
from hub.engine import lock_date as lock_date_of_books
from hub.models import Posting, SyncRecord
from tests.hub.closing_days import changed, close_days, closed_before, closed_days, first_open_day, lock_date, open_days
from tests.hub.dying import EVERY, killed_at, time_passes
from tests.hub.edited_orders import edit, place
from tests.hub.world import World
from tests.oracle import violations

EVERYTHING = "partial_refund"
"""A kind of order with an invoice, a payment and a credit note."""
SEEDS = range(1, 9)
"""Among them one whose taxes the books round otherwise."""
DATED = ("invoice", "payment", "credit_note")


@pytest.fixture
def busy(make_world: Callable[..., World]) -> World:
    world = make_world()
    world.books.switch.update(rate_limit_read=10**6, rate_limit_write=10**6)
    return world


def begin(world: World, kind: str, seed: int = 3) -> None:
    world.start_over()
    open_days()
    world.place(kind=kind, seed=seed)
    world.poll()


def assert_booked(world: World, closed: dict[str, Any], when: str) -> None:
    """The closed days are as they were; the rest is there, once, and dated on the first open day."""
    assert [*changed(closed, closed_days(world))] == [], when
    wrong = violations(world.store.expectations(), world.books.state())
    assert [one for one in wrong if " dated " not in one] == [], when
    record = SyncRecord.objects.get()
    assert record.state == "posted", f"{when}: {record.message}"
    assert agreement(record.date, record.date).agree, when
    dated = Posting.objects.filter(resource__in=DATED)
    assert not dated.exclude(state="done").exists(), when
    late = dated.filter(date__gt=lock_date())
    assert set(late.values_list("date", flat=True)) <= {first_open_day()}, when
    assert late.count() + len(closed) == dated.count(), when
    for posting in late:
        assert "Late arrival" in posting.document.get("notes", posting.document.get("note", "")), when


@pytest.mark.points
def test_closed_between_any_two_statements(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement that writes an effect down is the last before its call, and sees it."""
    monkeypatch.setattr(lock_date_of_books, "FRESH", 60)
    close_before_every(busy, step=2, waits=False)


def test_closed_while_a_call_waits_for_a_login_or_a_rate_limit(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is looked at right before the call."""
    monkeypatch.setattr(lock_date_of_books, "FRESH", 0)
    close_before_every(busy, step=5, waits=True)


def close_before_every(world: World, *, step: int, waits: bool) -> None:
    point, closed_in_time = 1, True
    while closed_in_time:
        begin(world, EVERYTHING)
        with closed_before(point, world, waits=waits) as seen:
            world.work()
        closed_in_time = bool(seen)
        if seen:
            assert_booked(world, seen["closed"], f"closed before statement {point}")
        point += step
    assert point > 20


@pytest.mark.points
def test_killed_at_any_point_and_closed_before_the_next_worker_comes(busy: World) -> None:
    point, killed = 1, True
    while killed:
        begin(busy, EVERYTHING)
        killed = killed_at(point, busy.work)
        closed = closed_days(busy)
        close_days()
        time_passes()
        busy.work()
        assert_booked(busy, closed, f"killed at point {point}")
        point += max(3, EVERY)
    assert point > 20


@pytest.mark.parametrize("kind", ["lost", "reset"])
@pytest.mark.parametrize(("method", "path"), [("POST", "invoice"), ("PUT", "invoice"), ("POST", "payment")])
def test_an_answer_is_lost_and_the_days_are_closed_before_it_is_looked_for(
    busy: World, kind: str, method: str, path: str
) -> None:
    begin(busy, "simple")
    busy.fault(kind=kind, method=method, path=path)
    busy.work(patience=0)
    closed = closed_days(busy)
    close_days()
    busy.work()
    assert_booked(busy, closed, kind)


def test_a_credit_note_whose_answer_was_lost_is_found_on_its_old_day(busy: World) -> None:
    """The books find credit notes by their day."""
    begin(busy, EVERYTHING)
    busy.fault(kind="lost", method="POST", path="credit")
    busy.work(patience=0)
    closed = closed_days(busy)
    close_days()
    busy.work()
    assert len(busy.credit_notes) == 1
    assert_booked(busy, closed, "lost")


def test_what_an_earlier_life_of_the_hub_booked_is_adopted_with_its_old_date(busy: World) -> None:
    """The journal is gone, as after a restored backup, and the books are closed since."""
    begin(busy, EVERYTHING)
    busy.work()
    closed = closed_days(busy)
    close_days()
    Posting.objects.all().delete()
    SyncRecord.objects.update(settled_at=None)
    busy.flow.look_first = True
    busy.flow.save()
    decisions.retry(SyncRecord.objects.all())
    busy.work()
    assert_booked(busy, closed, "restored")
    assert set(Posting.objects.filter(resource__in=DATED).values_list("adopted", flat=True)) == {True}


def test_a_held_order_of_a_closed_day_takes_the_first_open_one(busy: World) -> None:
    """Its draft is in the books, with taxes that differ: nobody's document yet."""
    busy.set_policy(rounding_tolerance={"line": 0, "document": 0})
    busy.books.switch["rounding_mode"] = "down"
    for seed in SEEDS:
        begin(busy, "simple", seed)
        busy.work()
        if busy.record().state == "held":
            break
    assert busy.record().reason == "tax_differs"
    closed = closed_days(busy)
    close_days()
    busy.set_policy(rounding_tolerance={"line": 1, "document": 5})
    decisions.retry(SyncRecord.objects.all())
    busy.work()
    assert_booked(busy, closed, "held")
    assert Posting.objects.get(resource="invoice").date == first_open_day()


def test_a_finished_draft_does_not_follow_its_order_into_closed_days(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    world.books.switch.update(rate_limit_read=10**6, rate_limit_write=10**6)
    point, closed_in_time = 1, True
    while closed_in_time:
        world.start_over()
        open_days()
        order = place(world, {"a": 100})
        edit(world, order, {"a": 120})
        decisions.retry(SyncRecord.objects.all())
        with closed_before(point, world, waits=False) as seen:
            before = len(world.books.log)
            world.work()
        closed_in_time = bool(seen)
        [invoice] = world.invoices
        record, total = world.record(), invoice["amount"]["amount"]
        assert (record.state, total) in (("held", "100.00"), ("posted", "120.00")), f"closed before {point}"
        writes = [call for call in world.books.log[before:] if call[0] == "PUT" and "invoice" in call[1]]
        assert len(writes) == (record.state == "posted"), f"closed before {point}"
        point += 2
    assert point > 10
