"""A file that was read wrongly is taken back with all that came of it, and nothing else; then it can be taken in anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from connectors.models import Connection
from hub.books.payouts import fees
from hub.books.payouts.arriving import receive
from hub.books.payouts.grouping import sums_of
from hub.books.payouts.taking_back import CannotTakeBack, consequences, take_back
from hub.engine import apart
from hub.models import Deposit, DepositMatch, DepositRow, DepositSighting, PayoutFile, Posting
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell
from tests.books.payouts.files import settle, taken_in, upload
from tests.books.payouts.test_fees_of_cut_payouts import APRIL, MARCH, change, expenses, take_in
from tests.hub.world import World

State = PayoutFile.State


def everything() -> Any:
    """But for the numbers that rows have, and when it was."""
    told = (
        "deposit__payout",
        "kind",
        "gross",
        "fee",
        "net",
        "explained",
        "date",
        "payout",
        "paid_on",
        "file__name",
        "line",
    )
    return (
        sorted(
            Deposit.objects.values_list("payout", "currency", "date", "rows", "orders", "fees", "stated", "explained")
        ),
        list(DepositRow.objects.order_by("identity").values_list("identity", *told)),
        list(DepositMatch.objects.order_by("row__identity").values_list("row__identity", "posting", "accepted")),
    )


def test_its_rows_their_matches_and_its_deposits_go(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    file = taken_in(books, files.STRIPE)
    assert DepositMatch.objects.exists()
    would = consequences(file)
    assert (would.rows, would.matches, would.shared, len(would.emptied), would.posted) == (4, 1, 0, 1, [])
    take_back(file, "Bo", "read as dollars")
    assert not any(model.objects.exists() for model in (DepositRow, DepositMatch, Deposit))
    assert (file.state, file.taken_back_by, file.taken_back_because) == (State.TAKEN_BACK, "Bo", "read as dollars")
    assert file.taken_back_at and Posting.objects.exists()


def test_the_same_file_is_asked_about_anew_and_then_taken_in_as_if_it_was_new(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    first = taken_in(books, files.STRIPE)
    before = everything()
    take_back(first, "Bo", "to look at it")
    again, new = receive(books, "payouts.csv", [files.STRIPE.encode()], "Bo")
    assert new and again.state == State.ASKS and not DepositRow.objects.exists()
    assert settle(again).state == State.DONE and everything() == before


def test_what_was_said_of_it_is_forgotten_also_for_the_next_file_of_its_shape(books: Connection) -> None:
    first = settle(upload(books, files.SQUARE), currency="EUR")
    take_back(first, "Bo", "these are dollars")
    other = upload(books, files.SQUARE.replace("t1,p1", "t7,p7"))
    assert other.state == State.ASKS
    assert settle(other, currency="USD").state == State.DONE
    assert upload(books, files.SQUARE.replace("t2,p2", "t8,p8")).state == State.RUNNING


def test_a_row_that_a_later_file_holds_as_well_stays_with_that_file(books: Connection) -> None:
    head, *lines = files.STRIPE.splitlines(keepends=True)
    first = taken_in(books, "".join([head, *lines[:2]]), "first.csv")
    second = taken_in(books, "".join([head, *lines[1:]]), "second.csv")
    assert consequences(first).shared == 1 and [one.payout for one in consequences(first).kept] == ["po_1"]
    take_back(first, "Bo", "not ours")
    assert [(row.file, row.line) for row in DepositRow.objects.order_by("line")] == [
        (second, 2),
        (second, 3),
        (second, 4),
    ]
    assert (Deposit.objects.get().rows, f"{sums_of(Deposit.objects.get()).deposit:.2f}") == (3, "26.25")
    assert not DepositSighting.objects.exists()
    take_back(second, "Bo", "nor this one")
    assert not DepositRow.objects.exists() and not Deposit.objects.exists()


def test_what_a_later_file_said_to_be_paid_out_waits_again(books: Connection) -> None:
    unpaid = files.SHOPIFY.replace("paid,2026-03-04", "pending,").replace("paid,2026-03-05", "pending,")
    taken_in(books, unpaid, "early.csv")
    before = everything()
    take_back(taken_in(books, files.SHOPIFY, "late.csv"), "Bo", "of another shop")
    assert everything() == before


def test_rows_whose_payout_is_gone_are_not_paid_out_any_more(books: Connection) -> None:
    settle(upload(books, files.PAYPAL), grouping="next")
    before = everything()
    head = files.PAYPAL.splitlines(keepends=True)[0]
    later = '"04/02/2026","08:00:00","PST","","General Withdrawal","Completed","USD","-19.10","0.00","-19.10","","T6","",""\r\n'
    last = taken_in(books, head + later, "later.csv")
    assert Deposit.objects.filter(payout="T6").exists()
    take_back(last, "Bo", "of another account")
    assert everything() == before


def test_days_that_were_read_wrongly_leave_no_trace(books: Connection) -> None:
    head, *lines = files.STRIPE.splitlines(keepends=True)
    taken_in(books, "".join([head, *lines[:2]]))
    wrong = taken_in(books, "".join([head, *lines[2:]]).replace("2026-03-05", "2026-05-03"), "wrong.csv")
    assert Deposit.objects.get().date == dt.date(2026, 5, 3)
    take_back(wrong, "Bo", "day and month were mixed up")
    assert Deposit.objects.get().date == dt.date(2026, 3, 5)


def test_fees_that_only_this_file_was_to_post_are_not_posted_for_another(books: Connection) -> None:
    head, *lines = files.STRIPE.splitlines(keepends=True)
    taken_in(books, "".join([head, *lines[:2]]))
    wrong, _ = receive(books, "wrong.csv", ["".join([head, *lines[2:]]).encode()], "Bo", wait=True)
    settle(wrong, post_fees=True)
    assert Deposit.objects.get().post_fees
    take_back(wrong, "Bo", "not ours")
    assert not Deposit.objects.get().post_fees


def test_it_needs_a_reason_and_something_that_was_taken_in(books: Connection) -> None:
    file = taken_in(books, files.STRIPE)
    with pytest.raises(CannotTakeBack, match="Say why"):
        take_back(file, "Bo", " ")
    assert DepositRow.objects.count() == 4
    take_back(file, "Bo", "wrong")
    with pytest.raises(CannotTakeBack, match="Nothing of this file"):
        take_back(file, "Bo", "again")


def test_a_file_on_its_way_can_be_taken_back_and_its_worker_stops(books: Connection) -> None:
    file = upload(books, files.STRIPE)
    take_back(file, "Bo", "wrong books")
    assert taken_in(books, files.PAYPAL).state == State.ASKS
    assert not DepositRow.objects.exists() and not file.blocks.exists()


def test_a_row_that_another_file_told_otherwise_says_how_to_get_rid_of_that_file(books: Connection) -> None:
    taken_in(books, files.STRIPE.replace(",usd,", ",eur,"), "wrong.csv")
    refused = taken_in(books, files.STRIPE)
    assert refused.state == State.REFUSED and "take it back on its page" in refused.problems[0]["remedy"]
    assert "100.00 EUR" in refused.problems[0]["message"]


def test_a_file_whose_fees_are_in_the_books_stays_until_they_are_deleted_there(world: World) -> None:
    file = take_in(world, MARCH)
    world.work()
    with pytest.raises(CannotTakeBack, match="fees of po_1"):
        take_back(file, "Bo", "wrong")
    assert DepositRow.objects.count() == 2 and PayoutFile.objects.get().state == State.DONE
    change(world, "stripe/po_1/USD", vis_state=1)
    assert fees.ask(Deposit.objects.get(payout="po_1"))
    world.work()
    take_back(file, "Bo", "wrong")
    assert not Deposit.objects.exists()


def test_fees_of_a_file_that_was_taken_back_and_taken_in_again_are_posted_once(world: World) -> None:
    file = take_in(world, MARCH)
    world.work()
    change(world, "stripe/po_1/USD", vis_state=1)
    fees.ask(Deposit.objects.get(payout="po_1"))
    world.work()
    take_back(file, "Bo", "wrong")
    take_in(world, MARCH)
    take_in(world, APRIL)
    world.work()
    assert expenses(world) == {"stripe/po_1/USD/2": "3.00", "stripe/po_9/USD": "7.00"}


def test_an_expense_on_its_way_is_not_sent_once_its_file_is_taken_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was looked for, and before its call is made."""
    file = take_in(world, MARCH)
    happened = while_looking(monkeypatch, lambda: take_back(file, "Bo", "meanwhile"))
    world.work()
    assert happened and not expenses(world)
    assert Posting.objects.get().state == Posting.State.INTENDED


def test_an_expense_that_may_have_been_sent_keeps_its_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written down as sent, and the call about to be made."""
    file, move, refused = take_in(world, MARCH), apart._Doing._move, list[str]()

    def move_and_take_back(doing: Any, *where: Any, **values: Any) -> None:
        move(doing, *where, **values)
        if values.get("state") == Posting.State.SENT:
            with pytest.raises(CannotTakeBack) as error:
                take_back(file, "Bo", "meanwhile")
            refused.append(str(error.value))

    monkeypatch.setattr(apart._Doing, "_move", move_and_take_back)
    world.work()
    assert len(refused) == 1 and expenses(world) == {"stripe/po_1/USD": "3.00"}
    assert Deposit.objects.get(payout="po_1").fees_state == Deposit.Fees.POSTED


def while_looking(monkeypatch: pytest.MonkeyPatch, happens: Any) -> list[bool]:
    look, happened = apart._Doing._found, list[bool]()

    def look_then(doing: Any, document: Any) -> Any:
        answer = look(doing, document)
        if not happened:
            happened.append(True)
            happens()
        return answer

    monkeypatch.setattr(apart._Doing, "_found", look_then)
    return happened
