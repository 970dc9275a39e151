"""Credit notes: re-found by client and date, since there is no filter for their number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from connectors.documents import BooksLine, CreditNote, LineTax
from connectors.freshbooks.connector import FreshBooks
from tests.connectors.freshbooks.conftest import Recorded

NOTE = CreditNote(
    number="N-CM7",
    client_id="70101",
    date=dt.date(2026, 3, 5),
    currency="USD",
    lines=(
        BooksLine(
            name="Desk lamp",
            unit_price=Decimal("24.50"),
            taxes=(LineTax(name="State Tax", percent=Decimal("8.25"), amount=Decimal("2.02125")),),
        ),
    ),
    total=Decimal("26.52"),
    notes="Refund 7 of order 000000042",
)


def test_a_credit_note_is_created_under_its_singular_name(books: FreshBooks, recorded: Recorded) -> None:
    recorded("credit-note-create")
    made = books.resource("credit_note").create(NOTE)
    assert (made.id, made.number, made.status, made.total) == ("41001", "N-CM7", "sent", Decimal("26.52"))
    assert (made.facts["client_id"], made.facts["date"]) == ("70101", dt.date(2026, 3, 5))
    assert made.url == "https://my.freshbooks.com/#/client/70101"


def test_a_credit_note_is_found_among_those_of_its_client_and_day(books: FreshBooks, recorded: Recorded) -> None:
    recorded("credit-note-find")
    assert [one.id for one in books.resource("credit_note").find(NOTE, deleted=False)] == ["41001"]


def test_a_credit_note_reads_back_as_it_was_written(books: FreshBooks, recorded: Recorded) -> None:
    recorded("credit-note-with-lines")
    notes = books.resource("credit_note")
    assert notes.parse(notes.fetch("41001")) == NOTE.model_copy(update={"language": "en"})


def test_there_is_no_way_to_mark_one_as_sent(books: FreshBooks) -> None:
    assert not type(books.resource("credit_note")).offers("finish")
    assert type(books.resource("invoice")).offers("finish")
