"""A deposit is orders − refunds − fees, to the cent; each row once, however often and in however many files it comes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from connectors.models import Connection
from hub.books.payouts import arriving, checking, rounds, taking_in
from hub.books.payouts.arriving import receive
from hub.books.payouts.faults import Unreadable
from hub.books.payouts.grouping import sums_of
from hub.books.payouts.rounds import advance_due
from hub.models import Deposit, DepositMatch, DepositRow, PayoutBlock, PayoutFile, PayoutLayout
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell
from tests.books.payouts.files import settle, taken_in, upload

State = PayoutFile.State


def told(deposit: Deposit) -> dict[str, str]:
    sums = sums_of(deposit)
    names = ("orders", "refunds", "fees", "chargebacks", "adjustments", "deposit", "not_in_rows", "unexplained")
    return {name: f"{getattr(sums, name):.2f}" for name in names if getattr(sums, name)}


def everything() -> Any:
    """Whatever an import may change."""
    return (
        list(Deposit.objects.order_by("pk").values()),
        list(DepositRow.objects.order_by("pk").values()),
        list(DepositMatch.objects.order_by("pk").values()),
    )


def test_a_deposit_is_orders_less_refunds_less_fees_to_the_cent(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1", refunded="20.00")
    sell("1002", "50.00", "ch_2")
    file = taken_in(books, files.STRIPE.replace("re_1", "ch_1"))
    assert (file.state, file.rows, file.new, file.gateway) == (State.DONE, 4, 4, "stripe")
    deposit = Deposit.objects.get()
    assert (deposit.payout, deposit.date, deposit.currency) == ("po_1", dt.date(2026, 3, 5), "USD")
    assert told(deposit) == {"orders": "150.00", "refunds": "20.00", "fees": "6.95", "deposit": "123.05"}
    assert deposit.unexplained_rows == 0
    assert not PayoutBlock.objects.exists()


def test_what_no_document_stands_behind_is_worth_a_sum(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    taken_in(books, files.STRIPE.replace("Order 100", "Nobody ").replace("Ben Lund", "Nobody"))
    deposit = Deposit.objects.get()
    assert told(deposit)["unexplained"] == "30.00"  # 50.00 that nobody knows, less 20.00 that nobody has credited
    assert deposit.unexplained_rows == 2


def test_the_same_file_twice_changes_nothing(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    first = taken_in(books, files.STRIPE)
    before = everything()
    again, new = receive(books, "again.csv", [files.STRIPE.encode()], "Bo")
    assert (again, new) == (first, False)
    assert advance_due() == 0 and everything() == before


def test_overlapping_files_hold_each_row_once(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    lines = files.STRIPE.splitlines(keepends=True)
    taken_in(books, "".join(lines[:3]))
    second = taken_in(books, "".join([lines[0], *lines[2:]]))
    assert (second.rows, second.new) == (3, 2)
    assert Deposit.objects.get().rows == 4 and told(Deposit.objects.get())["deposit"] == "123.05"


def test_two_rows_that_say_the_very_same_are_two_and_stay_two(books: Connection) -> None:
    taken_in(books, files.SHOPIFY)
    deposits = {deposit.payout: told(deposit)["deposit"] for deposit in Deposit.objects.all()}
    assert deposits == {"of 2026-03-04": "93.60", "of 2026-03-05": "-45.00"}
    before = everything()[1]
    taken_in(books, files.SHOPIFY + "\n")
    assert [{**row, "file_id": 0} for row in everything()[1]] == [{**row, "file_id": 0} for row in before]


def test_a_deposit_may_be_negative(books: Connection) -> None:
    taken_in(books, files.SHOPIFY)
    assert told(Deposit.objects.get(payout="of 2026-03-05")) == {
        "fees": "15.00", "chargebacks": "-30.00", "deposit": "-45.00", "unexplained": "-30.00",
    }  # fmt: skip


def test_rows_without_a_payout_belong_to_the_next_one_whatever_the_order_of_the_file(books: Connection) -> None:
    head, *lines = files.PAYPAL.splitlines(keepends=True)
    file = settle(upload(books, "".join([head, *reversed(lines)])), grouping="next")
    assert (file.state, file.left_out) == (State.DONE, {"pending": 1})
    paid, waiting = Deposit.objects.get(payout="T4"), Deposit.objects.get(payout="")
    assert told(paid)["deposit"] == "1163.90" and "not_in_rows" not in told(paid)
    assert told(waiting)["deposit"] == "19.10"


def test_what_was_not_paid_out_yet_moves_to_its_payout_with_a_later_file(books: Connection) -> None:
    settle(upload(books, files.PAYPAL), grouping="next")
    head = files.PAYPAL.splitlines(keepends=True)[0]
    later = '"04/02/2026","08:00:00","PST","","General Withdrawal","Completed","USD","-19.10","0.00","-19.10","","T6","",""\r\n'
    taken_in(books, head + later)
    assert not Deposit.objects.filter(payout="").exists()
    assert told(Deposit.objects.get(payout="T6"))["deposit"] == "19.10"
    assert Deposit.objects.get(payout="T6").rows == 2


def test_a_row_that_a_later_file_tells_of_an_earlier_payout_belongs_to_that_one(books: Connection) -> None:
    head, _, *others = files.PAYPAL.splitlines(keepends=True)
    settle(upload(books, "".join([head, *others])), grouping="next")
    assert told(Deposit.objects.get(payout="T4"))["not_in_rows"] == "1198.40"
    taken_in(books, files.PAYPAL)
    assert "not_in_rows" not in told(Deposit.objects.get(payout="T4"))
    assert told(Deposit.objects.get(payout=""))["deposit"] == "19.10"


def test_what_was_paid_and_no_row_tells_of_is_not_hidden(books: Connection) -> None:
    taken_in(books, files.ADYEN.replace("1.090,09", "1.100,09"))
    deposit = Deposit.objects.get()
    assert (told(deposit)["deposit"], told(deposit)["not_in_rows"]) == ("1100.09", "10.00")


def test_a_payout_in_several_currencies_is_a_deposit_for_each(books: Connection) -> None:
    taken_in(books, files.STRIPE.replace("04 09:00:00,usd", "04 09:00:00,eur"))
    assert {(one.payout, one.currency, told(one)["deposit"]) for one in Deposit.objects.all()} == {
        ("po_1", "USD", "143.05"), ("po_1", "EUR", "-20.00"),
    }  # fmt: skip


def test_the_answers_are_remembered_for_the_next_file_of_this_shape(books: Connection) -> None:
    file = upload(books, files.SQUARE)
    assert file.state == State.ASKS and advance_due() == 0
    settle(file, currency="USD")
    assert PayoutLayout.objects.get().said_by == "Bo"
    other = taken_in(books, files.SQUARE.replace("t1,p1", "t7,p7").replace("t2,p2", "t8,p8").replace("d1", "d2"))
    assert (other.state, other.new) == (State.DONE, 2)


def test_a_word_that_comes_late_in_a_file_is_asked_about_before_anything_is_kept(books: Connection) -> None:
    head, *lines = files.STRIPE.splitlines(keepends=True)
    many = [lines[0].replace("txn_1,", f"txn_a{number},") for number in range(2100)]
    file = taken_in(books, "".join([head, *many, lines[1].replace("charge", "klarna booking")]))
    assert file.state == State.ASKS and "klarna booking" in file.problem
    assert not DepositRow.objects.exists()
    assert settle(file, words={"klarna booking": "charge"}).state == State.DONE
    assert DepositRow.objects.count() == 2101


def test_a_bad_line_refuses_the_whole_file_and_every_fault_is_named(books: Connection) -> None:
    head, *lines = files.STRIPE.splitlines(keepends=True)
    bad = [lines[1].replace("48.25", "48.26"), lines[2].replace("-20.00,0.00", "twenty,0.00")]
    file = taken_in(books, "".join([head, lines[0], *bad]))
    assert file.state == State.REFUSED
    assert [(one["line"], one["column"], one["value"]) for one in file.problems] == [
        (3, "net", "48.26"), (4, "gross", "twenty"),
    ]  # fmt: skip
    assert all(one["remedy"] for one in file.problems)
    assert not DepositRow.objects.exists() and not Deposit.objects.exists() and not PayoutBlock.objects.exists()


def test_a_refused_file_may_be_uploaded_again(books: Connection) -> None:
    text = files.STRIPE.replace("48.25", "48.26")
    assert taken_in(books, text).state == State.REFUSED
    assert receive(books, "again.csv", [text.encode()], "Bo")[1]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", files.STRIPE.splitlines()[0].encode()])
def test_a_file_that_is_none_is_not_kept_at_all(books: Connection, content: bytes) -> None:
    with pytest.raises(Unreadable):
        receive(books, "none.csv", [content], "Bo")
    assert not PayoutFile.objects.exists() and not PayoutBlock.objects.exists()


def test_a_line_of_totals_that_does_not_add_up_refuses_the_file(books: Connection) -> None:
    total = "Total,,,,,,,{},,,,\n"
    assert taken_in(books, files.STRIPE + total.format("123.05")).state == State.DONE
    refused = taken_in(books, files.STRIPE + total.format("200.00"))
    assert refused.state == State.REFUSED and "123.05" in refused.problems[0]["message"]


def test_a_row_that_another_file_told_with_another_amount_refuses_the_file(books: Connection) -> None:
    taken_in(books, files.STRIPE)
    before = everything()
    refused = taken_in(books, files.STRIPE.replace("50.00,1.75,48.25", "51.00,1.75,49.25"))
    assert refused.state == State.REFUSED and "txn_2" in refused.problems[0]["message"]
    assert everything() == before


def test_the_same_row_twice_in_one_file_refuses_it(books: Connection) -> None:
    refused = taken_in(books, files.STRIPE + files.STRIPE.splitlines(keepends=True)[1])
    assert refused.state == State.REFUSED and "line 2 already" in refused.problems[0]["message"]


def test_a_worker_that_dies_anywhere_leaves_the_rest_to_the_next(
    books: Connection, sell: Sell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every portion, and in every stage: what comes of it is what comes of it in one go."""
    head, *lines = files.SHOPIFY.splitlines(keepends=True)
    text = "".join([head, *(line.replace("#1001", f"#{n}") for n in range(30) for line in lines)])
    monkeypatch.setattr(taking_in, "PORTION", 7)
    monkeypatch.setattr(checking, "PORTION", 7)
    file = upload(books, text)
    rounds_made = 0
    while file.state == State.RUNNING and rounds_made < 100:
        rounds.advance(file, 0.0)
        file = PayoutFile.objects.get(pk=file.pk)
        rounds_made += 1
    assert file.state == State.DONE and rounds_made > 30
    assert (file.rows, file.new, DepositRow.objects.count()) == (120, 120, 120)
    assert sum(Deposit.objects.values_list("rows", flat=True)) == 120


def test_what_is_wrong_is_collected_over_all_rounds(books: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PORTION", 1)
    first, *others = files.STRIPE.splitlines(keepends=True)
    bad = [others[0], others[1].replace("48.25", "48.26"), others[0], "Total,,,,,,,1.00,,,,\n"]
    file = upload(books, "".join([first, *bad]))
    while file.state == State.RUNNING:
        rounds.advance(file, 0.0)
        file = PayoutFile.objects.get(pk=file.pk)
    assert [(one["line"], one["column"]) for one in file.problems] == [(3, "net"), (4, "id"), (5, "net")]


def test_a_file_is_kept_in_blocks_and_read_over_their_edges(books: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "BLOCK", 17)
    text = files.STRIPE.replace("Ada Okafor", '"Äda ""Okäfor"", \n of Łódź"')
    file = upload(books, text)
    assert file.blocks.count() > 20
    while advance_due():
        pass
    assert DepositRow.objects.get(references=["ch_1", "txn_1"]).who.startswith('Äda "Okäfor", \n of Łódź'[:13])
    assert told(Deposit.objects.get())["deposit"] == "123.05"


def test_amounts_are_kept_to_the_cent(books: Connection) -> None:
    taken_in(books, files.STRIPE)
    assert Deposit.objects.get().fees == Decimal("6.95")
