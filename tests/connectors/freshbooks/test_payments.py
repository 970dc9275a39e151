"""Payments: recorded once, and every payment of an invoice is found."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from connectors.documents import BooksPayment
from connectors.freshbooks.connector import FreshBooks
from tests.connectors.freshbooks.conftest import Recorded

PAYMENT = BooksPayment(
    invoice_id="81001",
    amount=Decimal("84.56"),
    currency="USD",
    date=dt.date(2026, 3, 2),
    type="Credit Card",
    note="Card [N-000000042/txn-9]",
)


def test_a_payment_is_recorded_without_telling_the_customer(books: FreshBooks, recorded: Recorded) -> None:
    recorded("payment-create")
    made = books.resource("payment").create(PAYMENT)
    assert (made.id, made.total, made.currency) == ("91001", Decimal("84.56"), "USD")
    assert made.facts["note"] == "Card [N-000000042/txn-9]"
    assert (made.facts["invoice_id"], made.facts["date"]) == ("81001", dt.date(2026, 3, 2))
    assert made.url.endswith("/invoice/aB3dE9-81001")


def test_every_payment_of_the_invoice_is_found_and_none_of_another(books: FreshBooks, recorded: Recorded) -> None:
    recorded("payment-find-filter-ignored", "payment-find-deleted")
    found = books.resource("payment").find(PAYMENT)
    assert [(one.id, one.state) for one in found] == [("91002", "active"), ("91001", "active"), ("91000", "deleted")]


def test_a_payment_reads_back_as_it_was_written(books: FreshBooks, recorded: Recorded) -> None:
    recorded("payment-get")
    payments = books.resource("payment")
    assert payments.parse(payments.fetch("91001")) == PAYMENT


def test_a_payment_cannot_move_to_another_invoice(books: FreshBooks) -> None:
    assert "invoiceid" not in books.resource("payment").changes(PAYMENT)


def test_what_is_taken_from_a_credit_note_names_it_and_moves_no_money(books: FreshBooks) -> None:
    body = books.resource("payment").body(PAYMENT.model_copy(update={"type": "Credit", "credit_id": "77"}))
    assert (body["type"], body["from_credit"], body["creditid"]) == ("Credit", True, 77)
    assert "creditid" not in books.resource("payment").body(PAYMENT)


def test_the_types_offered_are_those_that_are_surely_accepted(books: FreshBooks) -> None:
    assert {"Other", "Check", "Bank Transfer", "Credit Card", "PayPal"} <= set(books.capabilities().payment_types)
