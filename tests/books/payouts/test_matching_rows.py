"""Rows and the documents behind them: by transaction, by order, by likeness; nothing twice, and nothing unsure by itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.models import Connection
from hub.books.payouts.deciding import Undecidable, accept, explain, undo
from hub.books.payouts.pairing import Candidate, Sought, pairs
from hub.models import DepositMatch, DepositRow, Posting
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell
from tests.books.payouts.files import taken_in

HEAD = "Payout ID,Transaction ID,Payment ID,Date,Type,Order,Amount,Currency,Customer Name\n"


def row(id: str, amount: str, *, kind: str = "charge", payment: str = "", order: str = "", who: str = "") -> str:
    return f"p1,{id},{payment},2026-03-03,{kind},{order},{amount},USD,{who}\n"


def taken(books: Connection, *rows: str) -> list[DepositRow]:
    taken_in(books, HEAD + "".join(rows))
    file = books.payout_files.get()
    if file.state == "asks":
        files.settle(file, gateway="acme")
    return list(DepositRow.objects.order_by("line"))


def test_a_row_is_known_by_its_transaction_whatever_else_it_says(books: Connection, sell: Sell) -> None:
    record = sell("1001", "100.00", "ch_1")
    [found] = taken(books, row("t1", "100.00", payment="ch_1", order="9999", who="Nobody"))
    assert (found.record, found.explained) == (record, Decimal("100.00"))
    match = DepositMatch.objects.get()
    assert (match.how, match.confidence, match.accepted) == ("transaction", 100, True)


def test_a_row_without_a_known_transaction_is_known_by_its_order(books: Connection, sell: Sell) -> None:
    record = sell("1001", "100.00", refunded="20.00")
    charge, refund = taken(books, row("t1", "100.00", order="#1001"), row("t2", "-20.00", kind="refund", order="1001"))
    assert [(one.record, one.explained) for one in (charge, refund)] == [
        (record, Decimal("100.00")), (record, Decimal("-20.00")),
    ]  # fmt: skip
    assert set(DepositMatch.objects.values_list("how", flat=True)) == {"order"}


def test_what_took_back_a_duplicate_explains_no_refund(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", refunded="20.00")
    Posting.objects.filter(resource="credit_note").update(part="duplicate-77")
    [refund] = taken(books, row("t2", "-20.00", kind="refund", order="1001"))
    assert refund.explained == 0 and not DepositMatch.objects.exists()


def test_one_payment_that_was_recorded_in_portions_is_explained_by_all_of_them(books: Connection, sell: Sell) -> None:
    sell("1001", "70.00", "ch_1")
    sell("1001-A1", "30.00", "ch_1")
    [found] = taken(books, row("t1", "100.00", payment="ch_1"))
    assert found.explained == Decimal("100.00") and DepositMatch.objects.filter(accepted=True).count() == 2


def test_a_document_explains_one_row_and_no_second_one(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    first, second = taken(books, row("t1", "100.00", payment="ch_1"), row("t2", "100.00", payment="ch_1", order="1001"))
    assert (first.explained, second.explained) == (Decimal("100.00"), Decimal(0))
    assert DepositMatch.objects.get().row == first


def test_amount_day_and_customer_alone_are_only_suggested(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", who="Ada Okafor <ada@example.org>")
    [found] = taken(books, row("t1", "100.00", who="Ada Okafor"))
    match = DepositMatch.objects.get()
    assert not found.explained and not match.accepted and match.confidence == 85
    assert "the same amount" in match.reasons
    accept(match, "Bo")
    found.refresh_from_db()
    assert found.explained == found.gross and found.record and found.decided_by == "Bo"
    undo(found)
    found.refresh_from_db()
    assert not found.explained and not DepositMatch.objects.exists()


def test_what_is_not_in_the_books_yet_explains_nothing(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    Posting.objects.update(state=Posting.State.INTENDED, remote_id="")
    [found] = taken(books, row("t1", "100.00", payment="ch_1", order="1001"))
    assert not found.explained and found.record


def test_a_chargeback_is_explained_by_a_person_and_names_its_order(books: Connection, sell: Sell) -> None:
    record = sell("1001", "100.00", "ch_1")
    [found] = taken(books, row("t1", "-100.00", kind="chargeback", payment="ch_1"))
    assert (found.record, found.explained) == (record, Decimal(0))
    explain(found, "lost, written off by hand", "Bo")
    with pytest.raises(Undecidable):
        explain(DepositRow.objects.get(), "again", "Bo")


def test_a_booking_in_another_currency_is_compared_with_what_the_customer_paid(books: Connection, sell: Sell) -> None:
    sell("1002", "100.00", "PSP2", currency="GBP", date=dt.date(2026, 3, 2))
    taken_in(books, files.ADYEN)
    found = DepositRow.objects.get(order="1002")
    assert found.explained == found.gross == Decimal("115.00")


cents = st.decimals("0.01", "500", places=2)


@given(cents, st.lists(cents, max_size=4))
def test_what_is_taken_for_true_is_the_very_amount_and_never_more_than_a_document_has(
    amount: Decimal, others: list[Decimal]
) -> None:
    candidates = [Candidate(number, one, "USD") for number, one in enumerate(others)]
    found = pairs(Sought(amount, "USD"), candidates, "the same order")
    left = {one.id: one.amount for one in candidates}
    assert all(one.amount <= left[one.id] for one in found)
    if found and found[0].confidence >= 90:
        assert sum(one.amount for one in found) == amount
