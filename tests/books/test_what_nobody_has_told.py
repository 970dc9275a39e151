"""Orders that the store has and the hub has not heard of, or not heard of since they changed: none is called agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from connectors.models import Connection
from hub.books.reconciliation.checking import NotNow, check
from hub.books.reconciliation.mending import fitting, mend
from hub.models import Discrepancy, Event, Flow, SyncRecord
from tests.books.big_trade import FIRST, LAST, MONTH, opened_month, sold_otherwise, unknown
from tests.books.days import booked, finished, reconciled, unsettled
from tests.books.hands import only
from tests.hub.world import World

MIDDLE = dt.date(2026, 3, 16)
EARLY, LATE = 3, 20
"""Orders of the 4th and of the 21st."""
Odd = Callable[[int], object]


@pytest.fixture
def month(memory: None) -> Flow:
    """The flow began in its middle."""
    return opened_month(31, MIDDLE)


def without_email(id: int) -> None:
    sold_otherwise(id, email="", customer_id="")


def that_does_not_add_up(id: int) -> None:
    sold_otherwise(id, residual=Decimal("1.00"))


def that_cannot_be_read(id: int) -> None:
    MONTH.unreadable.add(str(id))


def failed(id: int) -> SyncRecord:
    """It was tried, and refused by the books."""
    record = SyncRecord.objects.get(source_id=str(id))
    record.postings.all().delete()
    for documents in MONTH.books.values():
        for key in [key for key in documents if key.partition("-")[0] == str(id)]:
            del documents[key]
    SyncRecord.objects.filter(pk=record.pk).update(state="failed", message="The books refused it.")
    return record


@pytest.mark.parametrize("odd", [lambda id: None, without_email, that_does_not_add_up, that_cannot_be_read])
def test_what_is_from_before_the_flow_began_is_told_and_only_a_person_brings_it_in(month: Flow, odd: Odd) -> None:
    unknown(EARLY)
    odd(EARLY)
    for _ in range(2):
        run = finished(month, FIRST, LAST)
        assert (only().kind, only().source_id, only().state) == ("missing_in_hub", str(EARLY), "open")
        assert (run.counts["differs"], run.counts["agrees"]) == (1, 30)
    assert "from before this flow began" in only().sentence
    assert not SyncRecord.objects.filter(source_id=str(EARLY)).exists()
    assert fitting(only())[0] == "bring_in"
    mend(only(), "bring_in", "ada")
    assert SyncRecord.objects.get(source_id=str(EARLY)).decision == {"look_first": True}


def test_what_was_placed_before_the_flow_began_and_changed_since_is_the_flow_s_own(month: Flow) -> None:
    unknown(EARLY)
    sold_otherwise(EARLY, updated_at=dt.datetime.combine(MIDDLE, dt.time(8), dt.UTC))
    finished(month, FIRST, LAST)
    assert SyncRecord.objects.filter(source_id=str(EARLY), state="pending").exists()


def test_only_the_flow_that_was_compared_takes_it_in(month: Flow) -> None:
    other = Flow.objects.create(
        name="elsewhere",
        source=month.source,
        source_resource="order",
        target=Connection.objects.create(name="other-shelf", kind="shelf", state=Connection.State.OK),
        target_resource="invoice",
        version=month.version,
        enabled=True,
    )
    unknown(LATE)
    finished(month, FIRST, LAST)
    [record] = SyncRecord.objects.filter(source_id=str(LATE))
    assert (record.flow, record.decision, Event.objects.get().flow) == (month, {"look_first": True}, month)
    assert not other.records.exists()


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (without_email, "would hold it"),
        (that_does_not_add_up, "would hold it"),
        (that_cannot_be_read, "cannot read it: currency: it has none"),
    ],
)
def test_an_order_that_would_be_held_is_unknown_all_the_same_and_comes_in(month: Flow, odd: Odd, why: str) -> None:
    unknown(LATE)
    odd(LATE)
    finished(month, FIRST, LAST)
    assert (only().kind, only().resource, only().source_id, only().record) == (
        "missing_in_hub",
        "order",
        str(LATE),
        None,
    )
    assert why in only().sentence and only().date == FIRST + dt.timedelta(days=LATE)
    record = SyncRecord.objects.get(source_id=str(LATE))
    assert (record.state, record.decision) == ("pending", {"look_first": True})
    finished(month, FIRST, LAST)
    assert only().state == "open", "it has not been worked on yet"


def test_it_becomes_a_held_record_with_its_form(world: World) -> None:
    booked(world)
    order = world.place(kind="no_email")
    reconciled(world)
    assert unsettled() == [("missing_in_hub", world.number(order))]
    world.work()
    record = SyncRecord.objects.get(number=world.number(order))
    assert (record.state, record.reason) == ("held", "no_email")
    run = reconciled(world)
    assert (unsettled(), run.counts["held"]) == ([], 1)


@pytest.mark.parametrize("odd", [that_does_not_add_up, that_cannot_be_read])
@pytest.mark.parametrize("state", ["posted", "skipped"])
def test_what_changed_unheard_into_something_that_would_be_held_is_looked_at_again(
    month: Flow, state: str, odd: Odd
) -> None:
    odd(LATE)
    SyncRecord.objects.filter(source_id=str(LATE)).update(state=state)
    run = finished(month, FIRST, LAST)
    assert (run.counts, unsettled()) == ({"agrees": 30, "unsettled": 1}, [])
    record = SyncRecord.objects.get(source_id=str(LATE))
    assert (record.state, Event.objects.get().source_id) == ("pending", str(LATE))


def test_an_order_that_lost_its_customer_unheard_asks_a_person(world: World) -> None:
    order = booked(world)
    world.place(amend=world.number(order), email="")
    run = reconciled(world)
    assert (unsettled(), run.counts) == ([], {"unsettled": 1})
    world.work()
    assert world.record().state == "held", world.record().message
    run = reconciled(world)
    assert (unsettled(), run.counts) == ([], {"held": 1})


def test_what_a_person_left_out_is_not_looked_at_again_whether_it_can_be_read_or_not(month: Flow) -> None:
    failed(LATE)
    that_cannot_be_read(LATE)
    SyncRecord.objects.filter(source_id=str(LATE)).update(state="skipped", decision={"skip": "a test order"})
    run = finished(month, FIRST, LAST)
    assert (run.counts, Event.objects.count()) == ({"agrees": 30, "skipped": 1}, 0)


def test_what_failed_and_would_be_held_by_now_is_missing_in_the_books(month: Flow) -> None:
    failed(LATE)
    without_email(LATE)
    finished(month, FIRST, LAST)
    assert (only().kind, only().natural_key) == ("missing_in_books", MONTH.orders[str(LATE)].number)
    assert "posting it failed (The books refused it)" in only().sentence
    assert not Event.objects.exists()


def test_what_failed_after_it_was_booked_is_not_called_agreed_and_a_check_says_why(month: Flow) -> None:
    MONTH.books["invoice"][f"{LATE}-0"].facts["date"] = LAST
    finished(month, FIRST, LAST)
    that_cannot_be_read(LATE)
    SyncRecord.objects.filter(source_id=str(LATE)).update(state="failed", message="It cannot be read.")
    run = finished(month, FIRST, LAST)
    assert (run.counts, only().kind) == ({"agrees": 30, "unsettled": 1}, "drift")
    with pytest.raises(NotNow, match="has failed"):
        check(only())
    assert not Event.objects.exists()


def test_a_check_wakes_what_has_changed_unheard(month: Flow) -> None:
    MONTH.books["invoice"][f"{LATE}-0"].facts["date"] = LAST
    finished(month, FIRST, LAST)
    that_does_not_add_up(LATE)
    with pytest.raises(NotNow, match="being worked on"):
        check(Discrepancy.objects.get())
    assert SyncRecord.objects.get(source_id=str(LATE)).state == "pending"
