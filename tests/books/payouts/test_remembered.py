"""What was said about a file holds for the next one of its shape and books; other books take over no more than columns and
words."""

from __future__ import annotations

import pytest

from connectors.models import Connection
from hub.books.payouts.arriving import recognised, remembered
from hub.models import Deposit, DepositRow, PayoutFile, PayoutLayout
from tests.books.payouts.files import settle, taken_in, upload

HEAD = "Day,What,Order,Amount,Fee\n"
AMERICAN = HEAD + "03/05/2026,klarna,1001,100.00,3.00\n03/13/2026,klarna,1002,50.00,1.50\n"
BRITISH = HEAD + "05/03/2026,klarna,7,80.00,2.00\n"
COLUMNS = {"date": ("Day",), "kind": ("What",), "order": ("Order",), "gross": ("Amount",), "fee": ("Fee",)}
SAID = {
    "gateway": "acme",
    "columns": COLUMNS,
    "words": {"klarna": "charge"},
    "currency": "USD",
    "grouping": "file",
    "post_fees": True,
}


@pytest.fixture
def others(books: Connection) -> Connection:
    """Of the same installation, and of another country."""
    return Connection.objects.create(name="uk-books", kind=books.kind, settings={"account_id": "B2"})


def asked(file: PayoutFile) -> set[str]:
    return {one.field for one in recognised(file, remembered(file)).questions}


def test_other_books_are_asked_again_for_currency_dates_and_gateway(books: Connection, others: Connection) -> None:
    settle(upload(books, AMERICAN), **SAID)
    file = upload(others, BRITISH)
    assert file.state == PayoutFile.State.ASKS
    assert asked(file) == {"gateway", "dates", "currency", "grouping"}
    assert not DepositRow.objects.filter(books=others).exists()


def test_other_books_know_the_columns_and_words_and_post_no_fees_unasked(books: Connection, others: Connection) -> None:
    settle(upload(books, AMERICAN), **SAID)
    said = remembered(upload(others, BRITISH))
    assert (said.columns, dict(said.words), said.post_fees) == (COLUMNS, {"klarna": "charge"}, False)


def test_what_was_said_for_these_very_books_stands_beside_what_was_said_for_others(
    books: Connection, others: Connection
) -> None:
    settle(upload(books, AMERICAN), **SAID)
    british = {**SAID, "currency": "GBP", "dates": "dmy", "post_fees": False}
    settle(upload(others, BRITISH), **british)
    taken_in(others, BRITISH.replace("05/03", "06/04").replace(",7,", ",8,"), "april.csv")
    taken_in(books, AMERICAN.replace("1001", "1003"), "april.csv")
    of = {
        one.name: set(Deposit.objects.filter(books=one).values_list("currency", "post_fees")) for one in (books, others)
    }
    assert of == {"books": {("USD", True)}, "uk-books": {("GBP", False)}}
    assert f"{DepositRow.objects.get(books=others, order='8').date}" == "2026-04-06"
    assert PayoutLayout.objects.count() == 2


def test_what_was_said_before_it_was_kept_for_which_books_tells_columns_and_words(books: Connection) -> None:
    settle(upload(books, AMERICAN), **SAID)
    PayoutLayout.objects.update(books=None)
    assert asked(upload(books, BRITISH)) == {"gateway", "dates", "currency", "grouping"}
