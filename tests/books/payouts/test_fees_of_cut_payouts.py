"""A file by months cuts a payout: its fees wait until it is whole, and what comes after they were posted is one expense
more, once, whatever is killed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from hub.books.payouts import fees
from hub.books.payouts.arriving import answer, receive
from hub.books.payouts.layout import Answers
from hub.books.payouts.rounds import advance_due
from hub.models import Deposit, DepositRow, PayoutFile, Posting
from tests.books.payouts import files
from tests.hub.dying import EVERY, killed_at, time_passes
from tests.hub.world import World

Fees = Deposit.Fees
HEAD = files.STRIPE.splitlines(keepends=True)[0]


def charge(id: str, payout: str, paid: str, day: str, fee: str) -> str:
    return f"{payout},{paid} 00:00:00,{id},{day} 10:00:00,usd,100.00,{fee},{100 - float(fee):.2f},charge,ch_{id},,\n"


MARCH = HEAD + charge("t1", "po_1", "2026-03-05", "2026-03-03", "3.00") + charge(
    "t2", "po_9", "2026-04-02", "2026-03-31", "2.00"
)  # fmt: skip
APRIL = HEAD + charge("t3", "po_9", "2026-04-02", "2026-04-01", "5.00") + charge(
    "t4", "po_10", "2026-04-09", "2026-04-07", "4.00"
)  # fmt: skip


def take_in(world: World, text: str, *, post_fees: bool = True) -> PayoutFile:
    """Without what is due for its fees."""
    file, _ = receive(world.target, "stripe.csv", [text.encode()], "Bo", wait=True)
    assert not answer(file, Answers(post_fees=post_fees), "Bo").questions
    while file.state == PayoutFile.State.RUNNING:
        assert advance_due(0.0)
        file.refresh_from_db()
    return file


def expenses(world: World) -> dict[str, str]:
    """Mark → amount, of those that are not deleted."""
    found = json.loads(json.dumps(world.books.state(), default=str))["expenses"]
    return {one["notes"].rpartition("[")[2][:-1]: one["amount"]["amount"] for one in found if not one["vis_state"]}


def change(world: World, mark: str, **fields: Any) -> None:
    """Somebody, in the books."""
    found = json.loads(json.dumps(world.books.state(), default=str))["expenses"]
    [id] = [one["id"] for one in found if one["notes"].endswith(f"[{mark}]")]
    world.books.place({"expense": {"id": id, **fields}})


def cut() -> Deposit:
    return Deposit.objects.get(payout="po_9")


def test_the_fees_of_a_payout_that_may_be_cut_wait_for_a_later_payout(world: World) -> None:
    take_in(world, MARCH)
    world.work()
    assert expenses(world) == {"stripe/po_1/USD": "3.00"}
    assert cut().fees_state == Fees.OFF and cut().post_fees
    take_in(world, APRIL)
    world.work()
    assert expenses(world) == {"stripe/po_1/USD": "3.00", "stripe/po_9/USD": "7.00"}
    assert cut().fees_state == Fees.POSTED and not fees.differs(cut())


def test_a_later_payout_of_another_currency_proves_nothing(world: World) -> None:
    take_in(world, MARCH.replace("31 10:00:00,usd", "31 10:00:00,eur"))
    world.work()
    assert not expenses(world)


def asked_too_early(world: World) -> None:
    """A person has what March knew of the cut payout posted."""
    take_in(world, MARCH, post_fees=False)
    assert fees.ask(cut())
    world.work()
    assert expenses(world) == {"stripe/po_9/USD": "2.00"} and cut().fees_state == Fees.POSTED


def test_what_comes_after_the_fees_were_posted_is_one_expense_more(world: World) -> None:
    asked_too_early(world)
    take_in(world, APRIL)
    world.work()
    assert expenses(world) == {"stripe/po_9/USD": "2.00", "stripe/po_9/USD/2": "5.00"}
    assert cut().fees_state == Fees.POSTED and not fees.differs(cut()) and cut().in_books == 7
    assert advance_due() == 0


@pytest.mark.points
def test_a_worker_killed_at_any_point_posts_the_rest_once(world: World) -> None:
    point, killed = 0, True
    while killed:
        world.start_over()
        for model in (PayoutFile, DepositRow, Deposit):
            model.objects.all().delete()
        asked_too_early(world)
        take_in(world, APRIL)
        killed = killed_at(point := point + EVERY, lambda: fees.post(cut()))
        for _ in range(8):
            time_passes()
            Deposit.objects.filter(fees_state=Fees.DUE).update(next_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
            world.work()
        there = expenses(world)
        assert there == {"stripe/po_9/USD": "2.00", "stripe/po_9/USD/2": "5.00"}, f"killed at point {point}"
        assert cut().fees_state == Fees.POSTED
    assert point > 12


def test_an_expense_that_a_person_has_corrected_to_all_of_the_fees_is_left_alone(world: World) -> None:
    asked_too_early(world)
    change(world, "stripe/po_9/USD", amount={"amount": "7.00", "code": "USD"})
    take_in(world, APRIL)
    world.work()
    assert expenses(world) == {"stripe/po_9/USD": "7.00"}
    assert cut().fees_state == Fees.POSTED and not fees.differs(cut())


def test_an_expense_that_a_person_has_changed_otherwise_is_shown_until_it_is_right(world: World) -> None:
    asked_too_early(world)
    change(world, "stripe/po_9/USD", amount={"amount": "1.00", "code": "USD"})
    take_in(world, APRIL)
    world.work()
    assert cut().fees_state == Fees.STUCK and expenses(world) == {"stripe/po_9/USD": "1.00"}
    assert "1.00 USD" in cut().fees_problem and "fees are 7.00" in cut().fees_problem
    change(world, "stripe/po_9/USD", amount={"amount": "7.00", "code": "USD"})
    assert fees.ask(cut())
    world.work()
    assert cut().fees_state == Fees.POSTED and not fees.differs(cut())


def test_an_expense_that_a_person_has_deleted_is_made_again_only_when_asked_for(world: World) -> None:
    asked_too_early(world)
    change(world, "stripe/po_9/USD", vis_state=1)
    take_in(world, APRIL)
    world.work()
    assert cut().fees_state == Fees.STUCK and "deleted" in cut().fees_problem and not expenses(world)
    assert Posting.objects.get().state == Posting.State.VOIDED
    assert fees.ask(cut())
    world.work()
    assert expenses(world) == {"stripe/po_9/USD/2": "7.00"} and cut().fees_state == Fees.POSTED


@pytest.mark.points
def test_a_worker_killed_at_any_point_does_not_make_again_what_a_person_has_deleted(world: World) -> None:
    point, killed = 0, True
    while killed:
        world.start_over()
        for model in (PayoutFile, DepositRow, Deposit):
            model.objects.all().delete()
        asked_too_early(world)
        change(world, "stripe/po_9/USD", vis_state=1)
        take_in(world, APRIL)
        killed = killed_at(point := point + EVERY, lambda: fees.post(cut()))
        for _ in range(2):
            time_passes()
            Deposit.objects.filter(fees_state=Fees.DUE).update(next_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
            world.work()
        assert not expenses(world) and cut().fees_state == Fees.STUCK, f"killed at point {point}"
    assert point > 8


def test_fees_can_be_chosen_for_a_file_that_was_taken_in_without(world: World) -> None:
    file = take_in(world, MARCH, post_fees=False)
    fees.choose(file)
    world.work()
    assert expenses(world) == {"stripe/po_1/USD": "3.00"} and cut().post_fees


def test_what_came_before_posted_expenses_were_counted_is_read_once_and_left_alone(world: World) -> None:
    """As an earlier version of the hub has left it."""
    asked_too_early(world)
    Deposit.objects.update(in_books=0)
    assert not fees.differs(cut())
    take_in(world, APRIL.replace("t3", "t2").replace("04-01 10", "03-31 10").replace("5.00,95.00", "2.00,98.00"))
    world.work()
    assert expenses(world) == {"stripe/po_9/USD": "2.00"} and cut().in_books == 2
