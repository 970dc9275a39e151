"""Notices in any order, late, repeated or too early: one run each time, and the books end in the newest truth."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest import approx

from connectors.base import Notice
from hub.engine import decisions
from hub.engine.drain import drain
from hub.engine.missing import EXPECTED_FOR, LATEST
from hub.intake.inbox import accept
from hub.models import Attempt, Event, SyncRecord
from tests.hub.dying import time_passes
from tests.hub.hearing import during_the_first_call, hold_back, let_in
from tests.hub.world import World
from tests.oracle import violations

LIFE = ("place", "capture", "refund")
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def quiet(world: World) -> World:
    """Its webhooks come when a test lets them in."""
    hold_back(world)
    world.books.switch["rate_window"] = 0
    return world


def tell(world: World, source_id: str, times: int = 1) -> None:
    for _ in range(times):
        accept(world.source, Notice("order", source_id), door=Event.Door.WEBHOOK)


def live(world: World, step: str) -> None:
    """The order goes on in its store; its webhooks wait."""
    if step == "place":
        world.place(kind="shipped_unpaid", seed=4)
    else:
        world.store.place({step: world.store.expectations()[0]["increment_id"]})


def coming(world: World, **wanted: object) -> str:
    """The id that the next order will have: seen from one that is then undone."""
    world.place(**wanted)
    world.poll()
    source_id = world.record().source_id
    world.start_over()
    return source_id


# --- coalescing ---


def test_many_notices_while_it_waits_are_one_run(quiet: World) -> None:
    quiet.place(kind="simple", seed=1)
    quiet.poll()
    tell(quiet, quiet.record().source_id, 7)
    quiet.work()
    assert quiet.record().state == "posted"
    assert Attempt.objects.count() == 1


def test_many_notices_during_a_run_are_exactly_one_more(quiet: World) -> None:
    quiet.place(kind="simple", seed=1)
    quiet.poll()
    source_id = quiet.record().source_id
    with during_the_first_call(quiet.books.url, lambda: tell(quiet, source_id, 5)):
        quiet.work()
    assert quiet.record().state == "posted"
    assert Attempt.objects.count() == 2


def test_what_changed_during_a_run_is_in_the_books_after_it(quiet: World) -> None:
    """The order had been read when its money came."""
    live(quiet, "place")
    quiet.poll()
    source_id = quiet.record().source_id

    def capture() -> None:
        live(quiet, "capture")
        tell(quiet, source_id)

    with during_the_first_call(quiet.books.url, capture):
        quiet.work()
    assert violations(quiet.store.expectations(), quiet.books.state()) == []
    assert len(quiet.payments) == 1


ACTIONS = st.lists(
    st.one_of(
        st.just(("live",)),
        st.tuples(st.just("hear"), st.integers(0, 9), st.integers(1, 3)),
        st.tuples(st.just("work"), st.integers(0, 3)),
    ),
    max_size=12,
)


@given(actions=ACTIONS, order=st.randoms(use_true_random=False))
@BOUNDED
def test_events_in_any_order_cost_one_run_each_time_and_end_in_the_newest_truth(
    quiet: World, actions: list[tuple], order: random.Random
) -> None:
    quiet.start_over()
    steps, told, runs, due = list(LIFE), [], 0, False
    for action, *more in [("live",), *actions]:
        if action == "live" and steps:
            live(quiet, steps.pop(0))
            told = quiet.store.outbox
        elif action == "hear":
            let_in(quiet, told[more[0] % len(told)], times=more[1])
            due = True
        elif action == "work":
            runs += _work(quiet, due, notices=more[0])
            due = False
            assert Attempt.objects.count() == runs
    for queued in order.sample(told, len(told)):
        let_in(quiet, queued)
    quiet.work()
    assert Attempt.objects.count() == runs + 1
    assert violations(quiet.store.expectations(), quiet.books.state()) == []


def _work(world: World, due: bool, notices: int) -> int:
    """How many runs it should take."""
    with during_the_first_call(world.store.url, lambda: tell(world, _told(), notices)):
        drain(threads=1)
    return due * (2 if notices else 1)


def _told() -> str:
    return SyncRecord.objects.get().source_id


# --- before its order ---


def test_a_notice_that_outruns_its_order_waits_and_goes_through_by_itself(quiet: World) -> None:
    source_id = coming(quiet, kind="simple", seed=1)
    tell(quiet, source_id)
    drain(threads=1)
    record = quiet.record()
    assert (record.state, record.reason, record.failures) == ("waiting", "not_there_yet", 0)
    assert record.due_at
    quiet.place(kind="simple", seed=1)
    quiet.work()
    assert quiet.record().state == "posted"
    assert violations(quiet.store.expectations(), quiet.books.state()) == []


@pytest.mark.parametrize("kind", ["simple", "partial_refund"])
def test_payments_and_refunds_that_are_told_before_their_order_wait_for_it(quiet: World, kind: str) -> None:
    quiet.place(kind=kind, seed=1)
    early = quiet.store.outbox[::-1]
    quiet.start_over()
    for queued in early:
        let_in(quiet, queued, times=2)
    drain(threads=1)
    assert {record.reason for record in SyncRecord.objects.all()} <= {"not_there_yet"}
    quiet.place(kind=kind, seed=1)
    time_passes()
    quiet.work()
    assert violations(quiet.store.expectations(), quiet.books.state()) == []
    assert quiet.record().state == "posted"


@pytest.mark.parametrize(("hours", "about"), [(0, 2), (1, 1800), (20, LATEST)])
def test_the_longer_it_is_missing_the_more_rarely_it_is_looked_for(quiet: World, hours: int, about: float) -> None:
    tell(quiet, "4711")
    _told_ago(dt.timedelta(hours=hours))
    drain(threads=1)
    record = quiet.record()
    assert record.due_at and record.settled_at
    assert (record.due_at - record.settled_at).total_seconds() == approx(about, rel=0.3)


def test_what_has_not_come_within_a_day_is_a_dead_letter(quiet: World) -> None:
    tell(quiet, "4711")
    _told_ago(dt.timedelta(seconds=EXPECTED_FOR))
    drain(threads=1)
    record = quiet.record()
    assert (record.state, record.reason, record.due_at) == ("failed", "gone", None)


def test_a_new_notice_lets_a_dead_letter_wait_again(quiet: World) -> None:
    tell(quiet, "4711")
    _told_ago(dt.timedelta(seconds=EXPECTED_FOR))
    drain(threads=1)
    tell(quiet, "4711")
    drain(threads=1)
    assert quiet.record().reason == "not_there_yet"


def test_what_was_read_before_and_is_no_more_is_gone_at_once(quiet: World) -> None:
    quiet.place(kind="on_hold", seed=1)
    quiet.sync()
    assert quiet.record().state == "skipped"
    quiet.store.reset()
    tell(quiet, quiet.record().source_id)
    drain(threads=1)
    assert (quiet.record().state, quiet.record().reason) == ("failed", "gone")


def test_optional_payments_wait_with_an_invoice_that_is_held(quiet: World) -> None:
    _make_optional(quiet, "payments", "refunds")
    _occupy(quiet, _number_of(quiet, kind="partial_refund", seed=1))
    quiet.place(kind="partial_refund", seed=1)
    quiet.sync()
    record = quiet.record()
    assert (record.state, record.reason) == ("held", "number_taken")
    assert not record.steps.exclude(state="done").exists()
    decisions.use_number(record, "ANOTHER-1", None)
    quiet.work()
    assert quiet.record().state == "posted"
    assert len(quiet.payments) == len(quiet.credit_notes) == 1


def _make_optional(world: World, *names: str) -> None:
    for step in world.flow.steps:
        if step["name"] in names:
            step["on_failure"] = "continue"
    world.set_policy()


def _number_of(world: World, **wanted: object) -> str:
    world.place(**wanted)
    number = str(world.store.expectations()[0]["increment_id"])
    world.start_over()
    return number


def _occupy(world: World, number: str) -> None:
    """Somebody has used it in the books already."""
    client = world.books.place({"client": {"email": "somebody@example.com"}})
    line = {"name": "By hand", "qty": "1", "unit_cost": {"amount": "5.00", "code": "USD"}}
    world.books.place({"invoice": {"customerid": client["id"], "invoice_number": number, "lines": [line]}})


def _told_ago(ago: dt.timedelta) -> None:
    for event in Event.objects.all():
        Event.objects.filter(pk=event.pk).update(received_at=event.received_at - ago)
