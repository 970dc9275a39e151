"""Backfill: history comes in behind live work, whole and once, whatever happens on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from connectors.models import Connection
from hub import tasks
from hub.books.agreement import agreement
from hub.engine.claim import claim
from hub.engine.drain import drain
from hub.engine.schedule import seconds_until_due
from hub.errors import TurnLost
from hub.intake.backfill import asking, feeding, turns
from hub.intake.backfill.progress import progress
from hub.intake.backfill.rounds import advance_due
from hub.models import Attempt, Backfill, Event, Flow, SyncRecord
from tests.hub.history import DAYS, JANUARY, MARCH, again, backfill, history, live
from tests.hub.world import World
from tests.oracle import violations

pytestmark = pytest.mark.django_db(transaction=True)
SOON = dt.timedelta(seconds=1)


def agrees(month: int) -> bool:
    first = dt.date(2026, month, 1)
    found = agreement(first, first + dt.timedelta(days=27 if month == 2 else 30))
    return bool(found.pairs) and found.agree


def overdue(found: Backfill) -> None:
    """As after the time for which a dead worker keeps its turn."""
    Backfill.objects.filter(pk=found.pk).update(next_at=timezone.now() - SOON)


def test_three_months_come_in_whole_and_the_books_agree_for_each(world: World) -> None:
    expected = history(world, orders=12)
    started = backfill(world)
    world.work()
    assert again(started).state == "done" and started.ended_at
    assert violations(expected, world.books.state()) == []
    assert SyncRecord.objects.count() == len(expected) == progress(started).fed
    assert all(agrees(month) for month in (1, 2, 3))


def test_only_the_days_that_were_asked_for_come_in(world: World) -> None:
    history(world, ("2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02", "2026-02-03"), orders=3)
    backfill(world, dt.date(2026, 1, 31), dt.date(2026, 2, 1))
    world.work()
    assert {str(record.date) for record in SyncRecord.objects.all()} == {"2026-01-31", "2026-02-01"}
    assert SyncRecord.objects.count() == 6


def test_live_orders_go_before_history(world: World) -> None:
    history(world)
    backfill(world)
    advance_due()
    new = live(world, kind="simple")
    drain(threads=1)
    assert Attempt.objects.earliest("pk").record.source_id == new
    world.work()
    assert SyncRecord.objects.filter(state="pending").count() == 0


def test_history_comes_in_portions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "ROOM", 4)
    expected = history(world)
    started, most = backfill(world), 0
    while again(started).state == "running":
        advance_due()
        most = max(most, turns.unsettled(started))
        drain(threads=1)
    assert most == 4
    assert violations(expected, world.books.state()) == []


def test_it_is_done_when_its_records_are_settled_and_not_before(world: World) -> None:
    history(world)
    started = backfill(world)
    advance_due()
    assert again(started).reached > MARCH and started.state == "running"
    assert not turns.due()
    world.work()
    assert again(started).state == "done" and progress(started).percent == 100


def test_other_flows_of_the_same_source_are_not_touched(world: World) -> None:
    history(world)
    flow = world.flow
    other = Flow.objects.create(
        name="other", source=flow.source, source_resource="order", target=flow.target, target_resource="invoice"
    )
    backfill(world)
    world.work()
    assert not other.records.exists()
    assert agreement(JANUARY, timezone.localdate() + dt.timedelta(days=1)).agree


def test_what_is_settled_already_is_left_alone(world: World) -> None:
    expected = history(world)
    world.sync()
    tries = Attempt.objects.count()
    started = backfill(world)
    world.work()
    assert Attempt.objects.count() == tries + sum(row["expected"] == "skipped:not_accepted" for row in expected)
    assert progress(started).found == len(expected)


def test_what_was_skipped_before_the_cut_over_comes_in_when_that_has_moved(make_world: Callable[..., World]) -> None:
    world = make_world(cut_over="2026-02-01")
    expected = history(world)
    backfill(world)
    world.work()
    skipped = SyncRecord.objects.filter(reason="before_cut_over")
    assert {record.date.month for record in skipped} == {1} and agrees(1)
    assert not [row for row in world.invoices if row["create_date"] < "2026-02-01"]
    world.set_policy(cut_over=None)
    backfill(world, end=dt.date(2026, 1, 31))
    world.work()
    assert violations(expected, world.books.state()) == []


# --- pause and stop ---


def test_a_pause_lets_rest_what_has_not_begun_and_nothing_else(world: World) -> None:
    history(world)
    started = backfill(world)
    advance_due()
    [begun] = claim()
    asking.pause(started)
    assert claim() == [] and seconds_until_due() is not None  # the claimed one's lease
    SyncRecord.objects.filter(pk=begun.record.pk).update(lease_until=timezone.now() - SOON)
    world.work()
    begun.record.refresh_from_db()
    assert begun.record.state in ("posted", "skipped", "held")
    assert SyncRecord.objects.filter(state="pending", due_at=None).count() == SyncRecord.objects.count() - 1


def test_a_live_notice_goes_through_although_the_backfill_is_paused(world: World) -> None:
    history(world)
    started = backfill(world)
    advance_due()
    asking.pause(started)
    record = SyncRecord.objects.earliest("pk")
    feeding.accept(world.source, feeding.Notice("order", record.source_id), door=Event.Door.WEBHOOK)
    world.work()
    record.refresh_from_db()
    assert record.settled_at and SyncRecord.objects.filter(settled_at=None).exists()


def test_after_a_pause_it_goes_on_to_its_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "ROOM", 4)
    expected = history(world)
    started = backfill(world)
    advance_due()
    asking.pause(started)
    world.work()
    assert SyncRecord.objects.filter(settled_at=None).count() == 4
    asking.resume(started)
    world.work()
    assert again(started).state == "done"
    assert violations(expected, world.books.state()) == []


def test_a_pause_ends_a_round_that_is_under_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    history(world)
    started = backfill(world)
    real = feeding.accept

    def paused_meanwhile(*args: object, **more: object) -> bool:
        fed = real(*args, **more)  # type: ignore[arg-type]
        monkeypatch.setattr(feeding, "is_new", lambda backfill, id: asking.pause(again(backfill)) or True)
        return fed

    monkeypatch.setattr(feeding, "accept", paused_meanwhile)
    advance_due()
    assert again(started).state == "paused"
    assert SyncRecord.objects.count() == 1 and claim() == []


def test_a_stop_takes_back_what_has_not_begun(world: World) -> None:
    history(world)
    started = backfill(world)
    advance_due()
    drain(0, threads=1)
    new = live(world, kind="simple")
    asking.stop(started)
    assert list(SyncRecord.objects.values_list("source_id", flat=True)) == [new]
    assert Event.objects.count() == 1
    world.work()
    assert agreement(JANUARY, timezone.localdate() + dt.timedelta(days=1)).agree
    assert again(started).state == "stopped"


def test_a_stop_leaves_skipped_what_was_skipped_before(make_world: Callable[..., World]) -> None:
    world = make_world(cut_over="2026-12-31")
    history(world, DAYS[:1])
    first = backfill(world)
    world.work()
    count = SyncRecord.objects.filter(reason="before_cut_over", backfill=first).count()
    second = backfill(world)
    advance_due()
    assert SyncRecord.objects.filter(state="pending", backfill=second).count() == count > 0
    asking.stop(second)
    assert SyncRecord.objects.filter(state="skipped", due_at=None).count() == count


def test_what_is_stopped_can_be_asked_for_again(world: World) -> None:
    expected = history(world)
    started = backfill(world)
    advance_due()
    asking.stop(started)
    backfill(world)
    world.work()
    assert violations(expected, world.books.state()) == []


# --- kills, outages, rivals ---


def test_killed_in_the_middle_it_goes_on_and_nothing_is_booked_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = history(world)
    started, real, calls = backfill(world), feeding.accept, []

    def dies(*args: object, **more: object) -> bool:
        calls.append(args)
        real(*args, **more)  # type: ignore[arg-type]
        if len(calls) == 9:
            raise SystemExit("killed before the commit")
        return True

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(feeding, "accept", dies)
        advance_due()
    assert SyncRecord.objects.count() == 8
    claim()  # and a worker that dies with its record in hand
    SyncRecord.objects.exclude(owner="").update(lease_until=timezone.now() - SOON)
    assert advance_due() == 0, "the dead one's turn lasts a little"
    overdue(started)
    world.work()
    assert again(started).state == "done"
    assert violations(expected, world.books.state()) == []
    assert SyncRecord.objects.count() == Event.objects.count() == len(expected)
    assert all(agrees(month) for month in (1, 2, 3))


def test_one_worker_has_the_turn(world: World) -> None:
    started = backfill(world)
    assert turns.Turn.take(started)
    assert turns.Turn.take(started) is None
    assert turns.Turn.take(again(started)), "a dead worker's turn passes on, so this is asked only when it is due"
    assert not turns.due()


def test_who_lost_the_turn_writes_nothing(world: World) -> None:
    turn = turns.Turn.take(backfill(world))
    assert turn
    overdue(turn.row)
    with pytest.raises(TurnLost):
        turn.note(reached=MARCH)
    assert again(turn.row).reached == JANUARY


def test_what_all_of_them_have_to_do_is_asked_with_one_statement(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    history(world)
    backfill(world)
    advance_due()
    for _ in range(3):
        backfill(world, look_first=True)
    with django_assert_num_queries(1):
        assert [found.state for found in turns.due()] == ["previewing"] * 3
    with django_assert_num_queries(1):
        assert turns.next_round()


def test_one_that_has_fed_enough_is_due_when_half_of_it_is_worked_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "ROOM", 4)
    history(world)
    backfill(world)
    advance_due()
    for left in (4, 3):
        assert SyncRecord.objects.filter(state="pending").count() == left and not turns.due()
        SyncRecord.objects.filter(pk=SyncRecord.objects.filter(state="pending").latest("pk").pk).update(state="held")
    assert turns.due()


def test_a_source_that_is_away_is_waited_for(world: World) -> None:
    expected = history(world)
    world.fault("store", kind="status", status=503, times=1)
    started = backfill(world)
    advance_due()
    assert again(started).problem and started.failures == 1 and started.state == "running"
    assert not turns.due()
    overdue(started)
    world.work(patience=10)
    assert again(started).state == "done" and not started.problem
    assert violations(expected, world.books.state()) == []


def test_nothing_is_fed_while_the_calls_of_the_source_are_used_up(world: World) -> None:
    history(world)
    backfill(world)
    world.source.spend(60)
    assert advance_due() == 0
    rest = seconds_until_due()
    assert rest is not None and 50 < rest < 70


@pytest.mark.parametrize("change", [{"state": Connection.State.NEEDS_LOGIN}, {"state": Connection.State.AWAY}])
def test_nothing_is_fed_while_the_source_does_not_answer(world: World, change: dict[str, str]) -> None:
    history(world)
    backfill(world)
    Connection.objects.filter(pk=world.source.pk).update(**change)
    assert advance_due() == 0 and seconds_until_due() is None


def test_a_flow_that_is_switched_off_is_not_fed(world: World) -> None:
    history(world)
    started = backfill(world)
    Flow.objects.update(enabled=False)
    assert advance_due() == 0 and seconds_until_due() is None
    Flow.objects.update(enabled=True)
    world.work()
    assert again(started).state == "done"


def test_what_nobody_foresaw_pauses_it_and_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    history(world)
    started = backfill(world)
    with monkeypatch.context() as patched:
        patched.setattr(feeding, "days", lambda backfill: [JANUARY, None])
        advance_due()
    assert again(started).state == "paused" and "None" in started.problem
    assert claim() == [] and SyncRecord.objects.filter(due_at=None).count() == 3
    asking.resume(started)
    world.work()
    assert again(started).state == "done" and not started.problem


def test_the_sweep_rings_for_a_backfill_whose_bell_was_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    history(world, DAYS[:1])
    backfill(world)
    rung: list[bool] = []
    monkeypatch.setattr("hub.queue.ring", lambda: rung.append(True))
    tasks.sweep()
    assert rung


# --- what is refused ---


def test_one_at_a_time_for_each_flow(world: World) -> None:
    backfill(world)
    with pytest.raises(asking.BackfillError, match="not finished"):
        backfill(world)
    assert Backfill.objects.count() == 1


def test_days_in_the_wrong_order_are_refused(world: World) -> None:
    with pytest.raises(asking.BackfillError) as refused:
        backfill(world, MARCH, JANUARY)
    assert refused.value.field == "start" and refused.value.remedy


def test_who_is_quicker_wins(world: World) -> None:
    started = backfill(world)
    asking.stop(started)
    for late in (asking.pause, asking.resume, asking.stop, asking.begin):
        with pytest.raises(asking.BackfillError, match="stopped"):
            late(started)
