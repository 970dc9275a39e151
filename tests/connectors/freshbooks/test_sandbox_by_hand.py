"""What a person does in the simulated books, and what an oracle reads from them."""

from __future__ import annotations

import json

import pytest

from tests.connectors.freshbooks.books_api import Books, line, usd


@pytest.fixture
def books() -> Books:
    return Books()


def test_nothing_in_particular_pays_the_newest_open_invoice_or_makes_a_client(books: Books) -> None:
    assert "fname" in books.service.place({})
    invoice = books.invoice(line("30.00"))
    assert books.service.place({})["amount"] == usd("30.00")
    assert books.read("invoice", invoice["id"])["outstanding"] == usd("0.00")


def test_records_are_entered_and_edited_by_hand(books: Books) -> None:
    client = books.service.place({"client": {"email": "Hand@Example.com"}})
    invoice = books.service.place({"invoice": {"customerid": client["id"], "lines": [line("9.00")]}})
    books.service.place({"payment": {"invoiceid": invoice["id"], "amount": usd("4.00")}})
    archived = books.service.place({"client": {"id": client["id"], "vis_state": 2}})
    assert (archived["vis_state"], archived["email"]) == (2, "Hand@Example.com")
    assert books.read("invoice", invoice["id"])["outstanding"] == usd("5.00")
    with pytest.raises(ValueError, match="not found"):
        books.service.place({"payment": {"invoiceid": 1, "amount": usd("4.00")}})


def test_the_state_holds_everything_with_lines(books: Books) -> None:
    invoice = books.invoice(line("9.00"))
    books.update("invoice", invoice["id"], vis_state=1)
    state = json.loads(json.dumps(books.service.state()))
    assert state["invoices"][0]["lines"][0]["amount"] == usd("9.00")
    assert {"clients", "invoices", "payments", "credit_notes", "items"} <= state.keys()


def test_the_page_shows_each_kind(books: Books) -> None:
    invoice = books.invoice(invoice_number="N-1")
    books.pay(invoice, "120.00")
    shown = books.service.tables()
    assert shown["Invoices"][0]["number"] == "N-1"
    assert shown["Invoices"][0]["outstanding"] == "0.00 USD"
    assert shown["Payments"][0]["invoice"] == "N-1"
    assert shown["Credit notes"][0]["kind"] == "overpayment"
    assert shown["Clients"][0]["email"] == "ada@example.com"


def test_a_reset_empties_the_books_and_keeps_the_login(books: Books) -> None:
    books.invoice()
    books.service.reset()
    assert books.list("invoice") == []
    assert all(rows == [] for rows in books.service.state().values())
