"""What an order says was paid in all: compared with the payments that are listed, and booked where nothing else tells."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import Order
from connectors.sandbox import Sandbox
from tests.connectors.clarity.sites import connected, read
from tests.connectors.clarity.test_money import ORDER, paid, parsed


def told(order: Order) -> str | None:
    return order.paid and str(order.paid.amount)


@pytest.mark.parametrize(
    ("states", "sum"),
    [
        ({"paidTotal": "20.00"}, "20.00"),
        ({"amountPaid": 20}, "20"),
        ({"paidTotal": "0.00", "paymentStatus": "paid"}, None),
        ({"paymentStatus": "paid"}, "26.60"),
        ({"paymentStatus": "Full Payment Received"}, "26.60"),
        ({"paymentStatus": "refunded"}, "26.60"),
        ({"status": "Full Payment Received"}, "26.60"),
        ({"paymentStatus": "partially_paid"}, None),
        ({"paymentStatus": "authorized"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_a_sum_is_what_is_stated_or_the_total_where_a_status_says_so(states: dict[str, Any], sum: str | None) -> None:
    order = parsed({**ORDER, **states})
    assert order.paid is None if sum is None else Decimal(told(order) or "") == Decimal(sum)


def test_a_word_of_the_sites_own_can_be_explained() -> None:
    order = {**ORDER, "paymentStatus": "Settled"}
    assert told(parsed(order)) is None
    assert told(parsed(order, payment_status_map={"Settled": "captured"})) == "26.60"


def test_a_stated_sum_is_booked_where_no_payment_is_listed() -> None:
    order = parsed({**ORDER, "paidTotal": "20.00"})
    assert order.payments == (order.paid,) and order.payments[0].id == "order-o1"


def test_a_payment_that_is_listed_takes_its_place() -> None:
    order = parsed({**ORDER, "paidTotal": "26.60"}, paid())
    assert [payment.id for payment in order.payments] == ["p1"] and told(order) == "26.60"
    assert parsed({**ORDER, "paidTotal": "26.60"}, paid(status="voided")).payments == ()


@pytest.mark.parametrize(
    ("states", "payments", "sum"),
    [
        ({"refundedTotal": "4.00"}, [paid()], "4.00"),
        ({"totalRefunded": "0.00"}, [paid(status="partially_refunded", refundedAmount="4.00")], "4.00"),
        ({}, [paid(status="partially_refunded", refundedAmount="4.00")], "4.00"),
        ({"paymentStatus": "refunded"}, [paid()], None),
        ({}, [paid()], None),
    ],
    ids=str,
)
def test_what_went_back_in_all_is_the_orders_sum_or_its_payments(
    states: dict[str, Any], payments: list[dict[str, Any]], sum: str | None
) -> None:
    order = parsed({**ORDER, **states}, *payments)
    assert order.refunded == (None if sum is None else Decimal(sum))


def test_where_no_payment_is_listed_a_refunded_order_was_paid_and_all_of_it_went_back(site: Sandbox) -> None:
    placed = site.place({"kind": "simple", "lines": {"a": "10.00"}})
    site.place({"order": {**placed, "paymentStatus": "refunded"}})
    order = read(connected(site, paths={"orders.payments": None, "payments.list": None}), placed["id"])
    assert (order.captured, order.refunded) == (10, 10)


def test_a_status_is_no_money_where_payments_are_listed(site: Sandbox) -> None:
    placed = site.place({"kind": "approved", "lines": {"a": "10.00"}})
    site.place({"order": {**placed, "paymentStatus": "paid"}})
    order = read(connected(site), placed["id"])
    assert (order.payments, told(order)) == ((), "10.00")


def test_a_status_is_all_there_is_where_a_site_lists_no_payments(site: Sandbox) -> None:
    placed = site.place({"kind": "simple", "lines": {"a": "10.00"}})
    connector = connected(site, paths={"orders.payments": None, "payments.list": None, "payments.get": None})
    order = read(connector, placed["id"])
    assert order.payments == (order.paid,) and told(order) == "10.00"
