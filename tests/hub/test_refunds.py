"""Money that went back: each refund a credit note, none over more than is left; what is odd about it is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hub.books.agreement import agreement
from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub.dying import EVERY, in_a_child, killed_at, time_passes
from tests.hub.world import World
from tests.oracle import overlooked, violations

KINDS = ("adjustment_refund", "shipping_refund", "refund_with_fee", "refunded_too_much", "refund_without_memo")


def _agree() -> bool:
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    return agreement(days[0], days[-1]).agree


def _differences(world: World) -> list[str]:
    expected = world.store.expectations()
    found = {number: odd or [] for number, odd in SyncRecord.objects.values_list("number", "findings")}
    return [*violations(expected, world.books.state()), *(str(one) for one in overlooked(expected, found))]


def _found(world: World) -> list[tuple[str, Decimal]]:
    return [(one["reason"], Decimal(one["amount"])) for one in world.record().findings or ()]


def _amounts(rows: list[dict[str, Any]]) -> list[Decimal]:
    return [Decimal(row["amount"]["amount"]) for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_refund_is_booked_and_told(world: World, kind: str) -> None:
    world.place(kind=kind, seed=3)
    world.sync()
    assert world.record().state == "posted"
    assert _differences(world) == []
    assert _agree()


def test_more_than_was_sold_is_credited_up_to_the_invoice_and_is_a_finding(world: World) -> None:
    world.place(kind="refunded_too_much", seed=3)
    world.sync()
    record, credits = world.record(), sorted(world.credit_notes, key=lambda row: row["credit_number"])
    assert sum(_amounts(credits)) == record.total
    [(reason, surplus)] = _found(world)
    assert (reason, surplus) == ("refund_too_large", _amounts(credits)[0])
    assert "of the invoice was left" in credits[-1]["notes"]


def test_a_surplus_makes_no_credit_note_where_nothing_is_left(world: World) -> None:
    order = world.place(kind="full_refund", seed=3)
    world.sync()
    world.place(refund_too_much=world.number(order))
    world.sync()
    assert len(world.credit_notes) == 1
    assert _found(world) == [("refund_too_large", world.record().total)]
    assert _differences(world) == []


def test_a_refund_that_the_store_only_claims_is_a_finding_and_no_document(world: World) -> None:
    world.place(kind="refund_without_memo", seed=3)
    world.sync()
    assert world.credit_notes == []
    assert _found(world) == [("refund_missing", world.record().total)]


def test_a_finding_goes_when_its_cause_does(world: World) -> None:
    world.place(kind="refund_without_memo", seed=3)
    world.sync()
    SyncRecord.objects.update(
        findings=[*(world.record().findings or ()), {"reason": "old", "message": "", "amount": "1"}]
    )
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert [reason for reason, _ in _found(world)] == ["refund_missing"]


def test_a_record_that_is_not_to_be_booked_keeps_no_findings(world: World) -> None:
    world.place(kind="no_email")
    world.sync()
    SyncRecord.objects.update(findings=[{"reason": "old", "message": "", "amount": "1"}])
    decisions.skip(world.record(), "a test order of ours", None)
    world.work()
    assert (world.record().state, world.record().findings) == ("skipped", None)


def test_a_refund_heard_of_late_takes_only_what_an_earlier_heard_one_left(world: World) -> None:
    """The store dates it before the one that is in the books already, in full."""
    order = world.place(kind="partial_refund", seed=3)
    world.sync()
    [heard] = _amounts(world.credit_notes)
    world.place(refund_too_much=world.number(order), created_at="2020-01-01 00:00:00")
    world.sync()
    assert sum(_amounts(world.credit_notes)) == world.record().total
    assert heard in _amounts(world.credit_notes)
    assert _agree()


@pytest.mark.points
def test_a_cut_credit_note_survives_a_kill_at_any_point(world: World) -> None:
    world.books.switch["rate_window"] = 0
    point, killed = 1, True
    while killed:
        world.start_over()
        world.place(kind="refunded_too_much", seed=3)
        world.poll()
        killed = killed_at(point, world.work)
        time_passes()
        in_a_child(lambda: world.work(patience=10))
        assert _differences(world) == [], f"killed at {point}"
        assert not Posting.objects.exclude(state="done").exists(), f"killed at {point}"
        point += max(3, EVERY)


def test_a_cut_over_that_is_moved_later_does_not_cut_off_the_refunds_of_what_was_booked(world: World) -> None:
    order = world.place(kind="simple", seed=3)
    world.sync()
    world.set_policy(cut_over="2100-01-01")
    world.place(refund=world.number(order))
    world.sync()
    assert (world.record().state, len(world.credit_notes)) == ("posted", 1)
    assert _differences(world) == []
