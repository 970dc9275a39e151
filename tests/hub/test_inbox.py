"""Many doors, one corridor: deliveries become events once, and events make records due."""

from __future__ import annotations

import pytest

from connectors.base import Notice
from hub.intake.inbox import accept
from hub.intake.waking import BACKFILL, LIVE
from hub.models import Event, SyncRecord
from hub.queue import bells
from tests.hub.rows import make_flow

pytestmark = pytest.mark.django_db
HOOK = Event.Door.WEBHOOK


def test_the_same_delivery_twice_is_one_event() -> None:
    source = make_flow().source
    assert accept(source, Notice("order", "1", delivery_id="d-1"), door=HOOK)
    assert not accept(source, Notice("order", "1", delivery_id="d-1"), door=HOOK)
    assert (Event.objects.count(), SyncRecord.objects.get().wanted) == (1, 1)


def test_two_equal_notices_without_an_id_may_be_two_changes() -> None:
    source = make_flow().source
    accept(source, Notice("order", "1"), door=HOOK)
    accept(source, Notice("order", "1"), door=HOOK)
    assert (Event.objects.count(), SyncRecord.objects.get().wanted) == (2, 2)


def test_each_flow_of_the_resource_gets_its_own_record() -> None:
    source = make_flow("one").source
    make_flow("two")
    make_flow("products", source_resource="product", target_resource="item")
    accept(source, Notice("order", "1"), door=HOOK)
    assert sorted(SyncRecord.objects.values_list("flow__name", flat=True)) == ["one", "two"]


def test_many_notices_ring_one_bell() -> None:
    source = make_flow().source
    for number in range(20):
        accept(source, Notice("order", str(number)), door=HOOK)
    assert bells() == 1


def test_a_notice_that_names_its_record_otherwise_waits_for_an_answer() -> None:
    source = make_flow().source
    accept(source, Notice("order", lookup="increment_id=000000015"), door=HOOK)
    event = Event.objects.get()
    assert event.resolve_at is not None
    assert not SyncRecord.objects.exists()


def test_a_posted_record_is_opened_again_by_its_next_change() -> None:
    source = make_flow().source
    accept(source, Notice("order", "1"), door=HOOK)
    SyncRecord.objects.update(state="posted", due_at=None)
    accept(source, Notice("order", "1"), door=HOOK)
    record = SyncRecord.objects.get()
    assert record.state == "pending"
    assert record.due_at is not None


def test_long_delivery_ids_that_begin_alike_are_two() -> None:
    source = make_flow().source
    for last in "ab":
        accept(source, Notice("order", "1", delivery_id="d" * 250 + last), door=HOOK)
    assert Event.objects.count() == 2


def test_a_notice_that_no_flow_listens_to_is_kept_and_rings_no_bell() -> None:
    source = make_flow().source
    accept(source, Notice("callback", "7"), door=HOOK)
    accept(source, Notice("customer", lookup="email=a@example.com"), door=HOOK)
    assert (Event.objects.count(), SyncRecord.objects.count(), bells()) == (2, 0, 0)
    assert not Event.objects.exclude(resolve_at=None).exists()


def test_a_live_notice_brings_a_backfilled_record_forward() -> None:
    source = make_flow().source
    accept(source, Notice("order", "1"), door=Event.Door.BACKFILL, priority=BACKFILL)
    assert SyncRecord.objects.get().priority == BACKFILL
    accept(source, Notice("order", "1"), door=HOOK)
    assert SyncRecord.objects.get().priority == LIVE


def test_backfill_does_not_set_back_what_is_live_and_still_due() -> None:
    source = make_flow().source
    accept(source, Notice("order", "1"), door=HOOK)
    accept(source, Notice("order", "1"), door=Event.Door.BACKFILL, priority=BACKFILL)
    assert SyncRecord.objects.get().priority == LIVE


def test_backfill_of_what_is_at_rest_does_not_get_ahead_of_live_work() -> None:
    source = make_flow().source
    accept(source, Notice("order", "1"), door=HOOK)
    SyncRecord.objects.update(state="posted", due_at=None)
    accept(source, Notice("order", "1"), door=Event.Door.BACKFILL, priority=BACKFILL)
    assert SyncRecord.objects.get().priority == BACKFILL
