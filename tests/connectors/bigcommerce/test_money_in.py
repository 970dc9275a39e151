"""Payments: what was captured, and nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from connectors.errors import Rejected
from tests.connectors.bigcommerce.rows import line, order, parsed, taken

THING = line(1, "100.0000", "100.0000")


def payments(*transactions: dict[str, Any], **head: Any) -> list[tuple[str, Decimal]]:
    found = parsed(order("100.0000", **head), THING, transactions=list(transactions))
    return [(one.id, one.amount) for one in found.payments]


@pytest.mark.parametrize("event", ["purchase", "capture"])
def test_what_was_captured_is_a_payment_on_its_own_day(event: str) -> None:
    made = taken("100.00", event=event, date_created="2026-03-05T03:00:00+00:00")
    [found] = parsed(order("100.0000"), THING, transactions=[made]).payments
    assert (found.id, found.transaction_id, found.date) == ("7", "ch_7", dt.date(2026, 3, 4))
    assert (found.method, found.method_name) == ("stripe", "Credit Card")


@pytest.mark.parametrize(
    "nothing",
    [
        {"event": "authorization"}, {"event": "void"}, {"event": "refund"}, {"event": "pending"}, {"event": "settled"},
        {"status": "error"}, {"gateway": "storecredit"}, {"method": "gift_certificate", "gateway": "giftcertificate"},
        {"payment_method_id": "bigcommerce.store_credit"},
    ],
)  # fmt: skip
def test_what_is_not_captured_money_is_no_payment(nothing: dict[str, Any]) -> None:
    assert payments(taken("100.00", **nothing), payment_status="captured", payment_provider_id="x") == []


def test_several_captures_are_several_payments_in_the_order_of_their_ids() -> None:
    made = (taken("60.00", 9, event="capture"), taken("100.00", 7, event="authorization"), taken("40.00", 8))
    assert payments(*made) == [("8", 40), ("9", 60)]


@pytest.mark.parametrize("status", ["paid", "captured", "partially refunded", "refunded"])
def test_an_offline_payment_leaves_only_its_status(status: str) -> None:
    assert payments(payment_status=status) == [("order-1042", 100)]


@pytest.mark.parametrize("method", ["offline", "custom"])
def test_an_announced_offline_payment_is_known_by_its_status_too(method: str) -> None:
    pending = taken("100.00", event="pending", method=method, gateway="bankdeposit", gateway_transaction_id=None)
    assert payments(pending, payment_status="paid") == [("order-1042", 100)]
    assert payments(pending, payment_status="pending") == []


def test_of_an_incomplete_order_no_payment_is_known() -> None:
    found = parsed(order("100.0000", status_id=0, payment_status="captured", payment_provider_id=""), THING)
    assert (found.payments, found.paid, found.stage) == ((), None, "placed")


@pytest.mark.parametrize(
    "head",
    [
        {"payment_status": ""}, {"payment_status": "pending"}, {"payment_status": "authorized"},
        {"payment_status": "capture pending"}, {"payment_status": "void"}, {"status_id": 10, "payment_status": "pending"},
        {"payment_status": "captured", "payment_provider_id": "ch_1"},
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_money(head: dict[str, Any]) -> None:
    """A completed order paid on delivery is not paid; and a gateway's transaction, whose id is there, will come."""
    assert payments(**head) == []


def test_an_offline_payment_is_what_tenders_left() -> None:
    credit = taken("30.00", gateway="storecredit", method="store_credit")
    assert payments(credit, payment_status="paid", store_credit_amount="30.0000") == [("order-1042", 70)]


@pytest.mark.parametrize(
    ("made", "head", "paid"),
    [
        ((), {"payment_status": "paid"}, None),
        ((), {"payment_status": "captured", "payment_provider_id": "ch_1"}, 100),
        ((), {"payment_status": "pending"}, None),
        (("40.00", "30.00"), {"payment_status": "captured"}, 70),
        (("40.00",), {"payment_status": ""}, 40),
    ],
)
def test_what_was_paid_in_all_is_what_transactions_say_and_else_what_is_claimed_beyond_them(
    made: tuple[str, ...], head: dict[str, Any], paid: int | None
) -> None:
    transactions = [taken(amount, id) for id, amount in enumerate(made, start=7)]
    found = parsed(order("100.0000", **head), THING, transactions=transactions).paid
    assert (found and (found.id, found.amount)) == (paid and ("order-1042", paid))


def test_what_was_voided_after_it_was_taken_is_no_payment() -> None:
    undone = taken("100.00", 8, event="void", reference_transaction_id=7)
    assert payments(taken("100.00"), undone) == []
    assert payments(taken("100.00"), {**undone, "status": "error"}) == [("7", 100)]


def test_money_in_another_currency_is_refused_by_name() -> None:
    with pytest.raises(Rejected, match="Transaction 7 is in CAD"):
        payments(taken("100.00", currency="CAD"))
