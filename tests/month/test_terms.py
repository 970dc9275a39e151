"""What the oracle makes of a store's words: who checks the months is checked here."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.month.terms import converted, dated

LOCKED = dt.date(2027, 3, 31)
ORDER: dict[str, Any] = {
    "expected": "posted",
    "currency": "EUR",
    "date": "2027-03-30",
    "total": "30.00",
    "expected_total": "30.00",
    "expected_tax": "5.00",
    "expected_tenders": [],
    "expected_payments": [{"amount": "10.00", "date": "2027-03-30"}, {"amount": "20.00", "date": "2027-04-02"}],
    "expected_refunds": [{"total": "4.00", "date": "2027-03-31"}],
}
amounts = st.decimals(min_value="0.01", max_value=9999, places=2)
rates = st.decimals(min_value="0.001", max_value=200, places=5)


def days_of(order: Any) -> list[str]:
    return [one["date"] for one in (order, *order["expected_payments"], *order["expected_refunds"])]


def test_what_the_books_knew_when_the_days_were_closed_keeps_its_day() -> None:
    assert days_of(dated(ORDER, ORDER, LOCKED)) == days_of(ORDER)


def test_what_nobody_knew_stands_on_the_first_open_day() -> None:
    order = dated(ORDER, None, LOCKED)
    assert days_of(order) == ["2027-04-01", "2027-04-01", "2027-04-02", "2027-04-01"]
    assert order["true_date"] == "2027-03-30"


def test_each_document_of_an_order_is_late_for_itself() -> None:
    known = {**ORDER, "expected_payments": ORDER["expected_payments"][:1], "expected_refunds": []}
    assert days_of(dated(ORDER, known, LOCKED)) == ["2027-03-30", "2027-03-30", "2027-04-02", "2027-04-01"]


def test_what_was_known_and_not_booked_is_late() -> None:
    known = {**ORDER, "expected": "skipped:not_accepted", "expected_payments": [], "expected_refunds": []}
    assert days_of(dated(ORDER, known, LOCKED))[0] == "2027-04-01"


def test_two_equal_payments_are_two() -> None:
    twice = {**ORDER, "expected_payments": [ORDER["expected_payments"][0]] * 2}
    assert days_of(dated(twice, {**twice, "expected_payments": twice["expected_payments"][:1]}, LOCKED))[1:3] == [
        "2027-03-30",
        "2027-04-01",
    ]


@given(paid=st.lists(amounts, min_size=1, max_size=5), rate=rates)
def test_what_was_paid_in_parts_is_converted_as_one_sum(paid: list[Decimal], rate: Decimal) -> None:
    total = sum(paid, Decimal(0))
    parts = [{"amount": str(amount), "date": "2027-03-30"} for amount in paid]
    order = {**ORDER, "expected_total": str(total), "expected_payments": parts, "expected_refunds": []}
    found = converted(order, rate, "USD")
    assert sum(Decimal(one["amount"]) for one in found["expected_payments"]) == Decimal(found["expected_total"])
    for amount, one in zip(paid, found["expected_payments"], strict=True):
        assert abs(Decimal(one["amount"]) - amount * rate) <= Decimal("0.01")


@pytest.mark.parametrize(("rate", "total"), [("1.0837", "32.51"), ("0.00667", "0.20"), ("1.0005", "30.02")])
def test_half_a_cent_is_a_cent(rate: str, total: str) -> None:
    found = converted(ORDER, Decimal(rate), "USD")
    assert (found["expected_total"], found["currency"]) == (total, "USD")
