"""Clients in the simulator."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.connectors.freshbooks.books_api import Books, line, usd


@pytest.fixture
def books() -> Books:
    return Books()


def test_a_client_needs_a_name_or_an_email(books: Books) -> None:
    assert books.refused("client", note="nobody") == (422, 1001, "email")
    assert books.create("client", email="only@example.com")["organization"] == "only@example.com"
    assert books.create("client", organization="Acme")["email"] == ""


def test_the_same_email_is_accepted_twice(books: Books) -> None:
    fields = {"fname": "Test", "lname": "Client", "email": "t@example.com"}
    first, second = books.create("client", **fields), books.create("client", **fields)
    assert (first["username"], second["username"]) == ("testclient", "testclient2")
    found = books.list("client", "search[email]=t@example.com")
    assert [row["id"] for row in found] == [second["id"], first["id"]]


@pytest.mark.parametrize("sensitive", [False, True])
def test_whether_an_emails_case_matters_is_a_switch(sensitive: bool) -> None:
    books = Books(email_case_sensitive=sensitive)
    books.client(email="Ada@Example.com")
    assert len(books.list("client", "search[email]=ada@example.com")) == (0 if sensitive else 1)
    assert len(books.list("client", "search[email]=Ada@Example.com")) == 1


def test_two_clocks_are_told(books: Books) -> None:
    with time_machine.travel(dt.datetime(2026, 6, 29, 16, 48, 49, tzinfo=dt.UTC), tick=False):
        made = books.create("client", fname="Ada")
    assert (made["signup_date"], made["updated"]) == ("2026-06-29 16:48:49", "2026-06-29 12:48:49")


def test_an_invoice_moves_its_client(books: Books) -> None:
    with time_machine.travel(dt.datetime(2026, 6, 29, tzinfo=dt.UTC)) as clock:
        client = books.client()
        before = books.read("client", client)["updated"]
        clock.shift(60)
        books.invoice(customerid=client)
        assert books.read("client", client)["updated"] > before


def test_names_are_only_found_by_their_likeness(books: Books) -> None:
    books.client(fname="Ada", organization="Acme Ltd")
    books.client(fname="Bob")
    assert len(books.list("client", "search[fname]=Ada")) == 2
    assert len(books.list("client", "search[fname_like]=ad")) == 1
    assert len(books.list("client", "search[organization_like]=acme")) == 1
    assert len(books.list("client", "search[fname_like]=Ad%")) == 0


def test_balances_are_told_per_currency(books: Books) -> None:
    client = books.client()
    for currency, amount in (("USD", "10.00"), ("EUR", "7.00")):
        cost = {"amount": amount, "code": currency}
        made = books.invoice(line("0", unit_cost=cost), customerid=client, currency_code=currency)
        books.update("invoice", made["id"], action_mark_as_sent=True)
    books.invoice(line("3.00"), customerid=client)
    names = ("outstanding_balance", "draft_balance", "credit_balance", "overdue_balance")
    shown = books.read("client", client, "&".join(f"include[]={name}" for name in names))
    assert shown["outstanding_balance"] == [{"amount": {"amount": "7.00", "code": "EUR"}}, {"amount": usd("10.00")}]
    assert shown["draft_balance"] == [{"amount": usd("3.00")}]
    assert shown["overdue_balance"] == shown["outstanding_balance"]
    assert shown["credit_balance"] == []
    assert [row["id"] for row in books.list("client", "search[has_draft]=true")] == [client]
    assert books.list("client", "search[has_credit]=true") == []
