"""Fees become one expense a payout, where the file's settings say so: once, whatever is killed, and never on a closed day."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from connectors.models import Connection
from hub.books.agreement import agreement
from hub.books.lock_dates import move
from hub.books.payouts import fees
from hub.books.payouts.arriving import answer, receive
from hub.books.payouts.layout import Answers
from hub.books.payouts.rounds import advance_due
from hub.engine import apart
from hub.models import Deposit, PayoutFile, Posting
from tests.books.payouts import files
from tests.hub.dying import EVERY, killed_at, time_passes
from tests.hub.world import World

Fees = Deposit.Fees


def taken_in(world: World, text: str = files.STRIPE_PAID, *, post_fees: bool = True) -> Deposit:
    """With its settings said beforehand, and not yet worked on."""
    file, _ = receive(world.target, "march.csv", [text.encode()], "Bo", wait=True)
    assert not answer(file, Answers(post_fees=post_fees), "Bo").questions
    while Deposit.objects.filter(rows=0).exists() or not Deposit.objects.exists():
        assert advance_due(0.0)
    return Deposit.objects.get()


def expenses(world: World) -> list[dict[str, Any]]:
    return [one for one in json.loads(json.dumps(world.books.state(), default=str))["expenses"] if not one["vis_state"]]


def test_the_fees_of_a_payout_are_one_expense(world: World) -> None:
    deposit = taken_in(world)
    world.work()
    [expense] = expenses(world)
    assert (expense["amount"], expense["date"], expense["vendor"]) == (
        {"amount": "6.95", "code": "USD"}, "2026-03-05", "stripe",
    )  # fmt: skip
    assert expense["notes"].endswith("[stripe/po_1/USD]") and expense["categoryid"] == 5002
    deposit.refresh_from_db()
    posting = Posting.objects.get()
    assert (deposit.fees_state, deposit.expense) == (Fees.POSTED, posting)
    assert (posting.state, posting.total, posting.booked, posting.record) == (
        Posting.State.DONE, Decimal("6.95"), Decimal("6.95"), None,
    )  # fmt: skip


def test_without_being_asked_for_no_fee_is_posted(world: World) -> None:
    deposit = taken_in(world, post_fees=False)
    world.work()
    assert not expenses(world) and not Posting.objects.exists()
    assert fees.ask(deposit) and not fees.ask(deposit)
    world.work()
    assert len(expenses(world)) == 1


def test_the_same_payout_again_posts_nothing_more(world: World) -> None:
    deposit = taken_in(world)
    world.work()
    taken_in(world, files.STRIPE_PAID + "\n")
    Deposit.objects.update(fees_state=Fees.DUE)
    world.work()
    deposit.refresh_from_db()
    assert deposit.fees_state == Fees.POSTED and len(expenses(world)) == 1


def test_the_agreement_does_not_see_an_expense(world: World) -> None:
    world.place()
    world.sync()
    days = dt.date(2020, 1, 1), dt.date(2100, 1, 1)
    before = agreement(*days).told()
    taken_in(world)
    world.work()
    assert expenses(world) and agreement(*days).told() == before


@pytest.mark.parametrize("kind", ["lost", "reset", "status"])
def test_a_lost_answer_neither_loses_nor_doubles_the_expense(world: World, kind: str) -> None:
    taken_in(world)
    world.fault(kind=kind, method="POST", path="expenses", status=502)
    world.work(patience=10)
    assert len(expenses(world)) == 1 and Deposit.objects.get().fees_state == Fees.POSTED
    assert Posting.objects.get().adopted == (kind == "lost")


@pytest.mark.points
def test_a_worker_killed_at_any_point_posts_it_once(world: World) -> None:
    point, killed = 0, True
    while killed:
        world.start_over()
        PayoutFile.objects.all().delete()
        Deposit.objects.all().delete()
        deposit = taken_in(world)
        killed = killed_at(point := point + EVERY, lambda: fees.post(Deposit.objects.get(pk=deposit.pk)))  # noqa: B023
        for _ in range(8):
            time_passes()
            Deposit.objects.update(next_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
            world.work()
        deposit.refresh_from_db()
        assert (len(expenses(world)), deposit.fees_state) == (1, Fees.POSTED), f"killed at point {point}"
    assert point > 10


def test_a_closed_day_is_never_written_on(world: World) -> None:
    move(world.target, dt.date(2026, 3, 31), "Bo", "March is closed")
    taken_in(world)
    world.work()
    [expense] = expenses(world)
    assert expense["date"] == "2026-04-01" and "2026-03-05" in expense["notes"]
    posting = Posting.objects.get()
    assert (posting.business_date, posting.date) == (dt.date(2026, 3, 5), dt.date(2026, 4, 1))


def test_a_day_that_is_closed_while_the_expense_is_on_its_way_is_not_written_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was intended and looked for, and before it is written down as sent."""
    deposit = taken_in(world)
    found = apart._Doing._found
    closing = [True]

    def look_and_close(doing: Any, document: Any) -> Any:
        answer = found(doing, document)
        if closing:
            closing.clear()
            move(Connection.objects.get(pk=world.target.pk), dt.date(2026, 3, 31), "Bo", "closed meanwhile")
        return answer

    monkeypatch.setattr(apart._Doing, "_found", look_and_close)
    fees.post(Deposit.objects.get(pk=deposit.pk))
    assert not expenses(world) and Deposit.objects.get().fees_state == Fees.DUE
    world.work()
    assert [one["date"] for one in expenses(world)] == ["2026-04-01"]


def test_an_expense_that_somebody_deleted_is_not_made_again(world: World) -> None:
    taken_in(world)
    world.work()
    world.books.place({"expense": {"id": expenses(world)[0]["id"], "vis_state": 1}})
    forget(world)
    deposit = Deposit.objects.get()
    assert not expenses(world) and deposit.fees_state == Fees.STUCK and "deleted" in deposit.fees_problem


def test_an_expense_that_somebody_changed_is_not_taken_for_ours_until_it_is_corrected(world: World) -> None:
    taken_in(world)
    world.work()
    [expense] = expenses(world)
    world.books.place({"expense": {"id": expense["id"], "amount": {"amount": "7.95", "code": "USD"}}})
    forget(world)
    assert Deposit.objects.get().fees_state == Fees.STUCK
    assert "7.95 USD instead of 6.95 USD" in Deposit.objects.get().fees_problem
    world.books.place({"expense": {"id": expense["id"], "amount": {"amount": "6.95", "code": "USD"}}})
    assert fees.ask(Deposit.objects.get())
    world.work()
    assert Deposit.objects.get().fees_state == Fees.POSTED and len(expenses(world)) == 1


def test_of_two_expenses_with_our_mark_neither_is_taken_until_one_is_gone(world: World) -> None:
    taken_in(world)
    world.work()
    [expense] = expenses(world)
    copy = {name: expense[name] for name in ("amount", "date", "vendor", "notes", "categoryid", "staffid")}
    second = world.books.place({"expense": copy})
    forget(world)
    problem = Deposit.objects.get().fees_problem
    assert Deposit.objects.get().fees_state == Fees.STUCK
    assert str(expense["id"]) in problem and str(second["id"]) in problem
    world.books.place({"expense": {"id": second["id"], "vis_state": 1}})
    assert fees.ask(Deposit.objects.get())
    world.work()
    assert Posting.objects.get().remote_id == str(expense["id"])


def test_what_the_books_made_of_it_is_compared_with_what_was_sent(world: World) -> None:
    """Before it counts as done; and again when somebody has corrected it."""
    taken_in(world)
    world.work()
    [expense] = expenses(world)
    world.books.place({"expense": {"id": expense["id"], "amount": {"amount": "6.00", "code": "USD"}}})
    Posting.objects.update(state=Posting.State.CREATED, booked="6.00", completed_at=None)
    again()
    world.work()
    assert "6.00 USD instead of 6.95 USD" in Deposit.objects.get().fees_problem
    world.books.place({"expense": {"id": expense["id"], "amount": {"amount": "6.95", "code": "USD"}}})
    assert fees.ask(Deposit.objects.get())
    world.work()
    assert (Posting.objects.get().state, Posting.objects.get().booked) == (Posting.State.DONE, Decimal("6.95"))


def forget(world: World) -> None:
    """As after a restored backup: the books hold an expense of which the hub knows nothing."""
    Posting.objects.all().delete()
    again()
    world.work()


def again() -> None:
    Deposit.objects.update(fees_state=Fees.DUE, expense=None, next_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_books_without_a_category_say_that_they_take_no_expenses(world: World) -> None:
    assert fees.can_be_posted(world.target)
    world.target.settings = {**world.target.settings, "expense_category": ""}
    assert not fees.can_be_posted(world.target)


def test_a_category_that_the_books_do_not_have_is_named_with_those_that_they_have(world: World) -> None:
    world.target.settings = {**world.target.settings, "expense_category": "Gateway fees"}
    world.target.save()
    taken_in(world)
    world.work()
    deposit = Deposit.objects.get()
    assert deposit.fees_state == Fees.STUCK and "Bank Fees" in deposit.fees_problem


def test_fees_wait_until_the_rows_make_up_what_was_paid(world: World) -> None:
    text = files.ADYEN.replace("1.090,09", "1.100,09")
    deposit = taken_in(world, text)
    assert deposit.fees_state == Fees.OFF and deposit.post_fees
    world.work()
    assert not expenses(world)
