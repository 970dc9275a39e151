"""One worker per record, whoever dies; and nothing slips between a notice and the end of an attempt."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from connectors import clock
from connectors.base import Notice
from connectors.documents import Document
from connectors.models import Connection
from hub.engine import journal
from hub.engine.claim import POISON, LeaseLost, claim, settle
from hub.engine.context import Run
from hub.engine.crew import work_on
from hub.engine.drain import drain
from hub.engine.outcomes import Outcome
from hub.intake.inbox import accept
from hub.models import Attempt, Event, Posting, SyncRecord
from tests.hub.rows import make_flow, make_record
from tests.hub.world import World

pytestmark = pytest.mark.django_db(transaction=True)
POSTED = Outcome("posted")


def test_a_record_is_claimed_once() -> None:
    make_record(make_flow())
    assert len(claim(10)) == 1
    assert claim(10) == []


def test_threads_share_the_records_and_none_is_taken_twice() -> None:
    flow = make_flow()
    for number in range(30):
        make_record(flow, str(number))

    def take() -> list[int]:
        try:
            return [one.record.pk for _ in range(10) for one in claim(2)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [pk for future in [pool.submit(take) for _ in range(4)] for pk in future.result()]
    assert sorted(taken) == sorted(SyncRecord.objects.values_list("pk", flat=True))


def test_a_settled_record_rests() -> None:
    make_record(make_flow())
    assert settle(claim()[0], POSTED)
    record = SyncRecord.objects.get()
    assert (record.state, record.due_at, record.owner, record.starts) == ("posted", None, "", 0)


def test_a_notice_during_the_work_makes_it_due_again() -> None:
    flow = make_flow()
    accept(flow.source, Notice("order", "1"), door=Event.Door.HAND)
    [claimed] = claim()
    accept(flow.source, Notice("order", "1"), door=Event.Door.HAND)
    settle(claimed, POSTED)
    record = SyncRecord.objects.get()
    assert record.state == "pending"
    assert len(claim()) == 1


def test_a_worker_that_lost_its_lease_may_not_settle() -> None:
    make_record(make_flow())
    [lost] = claim()
    SyncRecord.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    [taken] = claim()
    assert not settle(lost, Outcome("failed"))
    assert settle(taken, POSTED)
    assert SyncRecord.objects.get().state == "posted"


def test_a_worker_that_lost_its_lease_may_not_begin_an_effect() -> None:
    make_record(make_flow())
    [lost] = claim()
    SyncRecord.objects.update(owner="somebody else")
    lost.until = timezone.now()
    with pytest.raises(LeaseLost):
        lost.renew()


def test_a_start_without_an_end_is_kept_as_a_death() -> None:
    make_record(make_flow())
    claim()
    SyncRecord.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    claim()
    assert sorted(Attempt.objects.values_list("outcome", flat=True)) == ["", "died"]


def test_a_record_that_kills_its_workers_becomes_a_dead_letter() -> None:
    make_record(make_flow(), starts=POISON)
    work_on(claim(suspects=True)[0])
    record = SyncRecord.objects.get()
    assert (record.state, record.cause) == ("failed", "poison")


def test_live_work_goes_before_backfill() -> None:
    flow = make_flow()
    make_record(flow, "old", priority=10, due_at=timezone.now() - dt.timedelta(hours=1))
    make_record(flow, "live")
    assert claim()[0].record.source_id == "live"


def test_records_of_a_disabled_flow_stay_pending() -> None:
    flow = make_flow(enabled=False)
    accept(flow.source, Notice("order", "1"), door=Event.Door.HAND)
    assert claim() == []
    assert SyncRecord.objects.get().state == "pending"


@pytest.mark.parametrize("end", ["source", "target"])
def test_records_wait_while_a_connection_needs_a_login(end: str) -> None:
    flow = make_flow()
    make_record(flow)
    getattr(flow, end).ask_for_login("the token was refused")
    assert claim() == []
    Connection.objects.update(state=Connection.State.OK)
    assert len(claim()) == 1


def test_records_wait_while_a_connection_is_paused() -> None:
    flow = make_flow()
    make_record(flow)
    flow.target.pause(60, "too many calls")
    assert claim() == []


def test_a_worker_that_was_stopped_after_writing_down_sends_nothing_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease may be over by the time it wakes, and another may have looked already."""
    write_down = journal.sent

    def stopped_for_long(posting: Posting, document: Document, run: Run) -> None:
        write_down(posting, document, run)
        run.claim.until = timezone.now()

    world.place(kind="simple")
    world.poll()
    monkeypatch.setattr(journal, "sent", stopped_for_long)
    drain(threads=1)
    assert [entry for entry in world.books.log if entry[0] == "POST"] == []
    monkeypatch.undo()
    SyncRecord.objects.update(lease_until=clock.now())
    Posting.objects.update(lease_until=clock.now())
    world.work()
    assert len(world.invoices) == 1
