"""What else an order says: when, who, in which currency, at which stage, and whether it is a sale at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from connectors.bigcommerce.sale import order_from
from connectors.errors import Rejected
from tests.connectors.bigcommerce.rows import line, order, parsed, taken

THING = line(1, "10.0000", "10.0000")


def test_the_business_date_is_the_stores_own() -> None:
    """05:15 UTC is still the day before in Los Angeles."""
    assert parsed(order("10.0000"), THING, zone="America/Los_Angeles").date == dt.date(2026, 3, 1)
    told = {"hub": {"timezone": ""}, "store": {"timezone": {"name": "Europe/Paris"}}}
    assert parsed(order("10.0000"), THING, **told).timezone == "Europe/Paris"


def test_a_time_zone_that_nobody_knows_is_said() -> None:
    with pytest.raises(Rejected, match="Mars/Olympus"):
        parsed(order("10.0000"), THING, zone="Mars/Olympus")


def test_the_currency_is_that_of_the_sale_and_not_that_shown_to_the_shopper() -> None:
    found = parsed(order("10.0000", default_currency_code="CAD", currency_code="EUR"), THING)
    assert (found.currency, found.base_currency, found.base_rate) == ("CAD", "USD", None)


@pytest.mark.parametrize(
    ("status", "paid", "stage"),
    [
        (0, False, "placed"), (1, False, "placed"), (7, True, "placed"), (12, False, "placed"),
        (2, False, "accepted"), (3, False, "accepted"), (8, False, "accepted"), (9, False, "accepted"),
        (10, False, "accepted"), (11, False, "accepted"),
        (4, False, "placed"), (13, False, "placed"), (14, False, "placed"),
        (4, True, "accepted"), (13, True, "accepted"), (14, True, "accepted"),
        (5, False, "canceled"), (6, False, "canceled"),
    ],
)  # fmt: skip
def test_a_status_is_read_by_its_number_and_never_counts_as_money(status: int, paid: bool, stage: str) -> None:
    money = {"transactions": [taken("10.00")]} if paid else {}
    found = parsed(order("10.0000", status_id=status, status="Umbenannt"), THING, **money)
    assert found.stage == stage and found.captured == (10 if paid else 0)


@pytest.mark.parametrize(
    ("accepted", "status", "stage"),
    [
        ("7, 10", 7, "accepted"), ("7, 10", 11, "placed"), ("13", 13, "accepted"), ("7, 10", 13, "placed"),
        ("7, 10", 5, "canceled"), ("", 11, "accepted"), ("", 7, "placed"),
    ],
)  # fmt: skip
def test_which_statuses_are_accepted_the_connection_may_say(accepted: str, status: int, stage: str) -> None:
    hub = {"timezone": "UTC", "accepted_statuses": accepted}
    assert order_from({"order": order("10.0000", status_id=status), "products": [THING], "hub": hub}).stage == stage


@pytest.mark.parametrize(
    ("head", "parts", "reason"),
    [
        ({"external_source": "M-MIG"}, {}, "migrated"),
        ({"payment_method": "Test Payment Gateway"}, {}, "test_order"),
        ({}, {"transactions": [taken("10.00", test=True)]}, "test_order"),
        ({}, {"metafields": [{"key": "orderType", "value": "invoice payment"}]}, "invoice_payment"),
        ({}, {"metafields": [{"key": "orderType", "value": "quote"}]}, ""),
        ({"external_source": "POS"}, {"transactions": [taken("10.00")]}, ""),
        ({}, {"transactions": [taken("4.00", 1, test=True), taken("10.00", 2)]}, ""),
    ],
)
def test_what_is_no_sale_says_why(head: dict[str, Any], parts: dict[str, Any], reason: str) -> None:
    assert parsed(order("10.0000", **head), THING, **parts).skip_reason == reason


def test_a_guest_is_known_by_the_billing_address() -> None:
    found = parsed(order("10.0000", customer_id=0), THING)
    assert (found.guest, found.customer_id, found.email, found.first_name) == (True, "", "ada@example.com", "Ada")
    assert found.billing.country == "US"


def test_the_merchants_own_fields_find_their_places() -> None:
    fields = [
        {"name": "VAT Number", "value": "GB123"},
        {"name": "PO Number", "value": 77},
        {"name": "Days", "value": ["Mon", "Tue"]},
        {"name": "Empty", "value": None},
    ]
    found = parsed(
        order(
            "10.0000", customer_message="Ring twice", billing_address={"email": "a@example.com", "form_fields": fields}
        ),
        THING,
    )
    assert (found.vat_number, found.purchase_order) == ("GB123", "77")
    assert found.customer_note == "Ring twice\nDays: Mon, Tue"


def test_fields_of_the_delivery_are_told_too_and_what_stands_twice_once() -> None:
    gate = {"name": "Gate", "value": "B"}
    head = order("10.0000", billing_address={"email": "a@example.com", "form_fields": [gate]})
    address = {"id": 1, "form_fields": [gate, {"name": "Floor", "value": 3}]}
    assert parsed(head, THING, shipping_addresses=[address]).customer_note == "Gate: B\nFloor: 3"


@pytest.mark.parametrize("value", [None, {}, [], ""])
def test_what_is_absent_null_or_empty_is_alike(value: Any) -> None:
    """Captures show all four."""
    names = ("payment_provider_id", "staff_notes", "external_order_id", "external_source", "customer_message")
    found = parsed(order("10.0000", **dict.fromkeys(names, value)), {**THING, "product_options": value})
    assert (found.external_id, found.customer_note, found.residual) == ("", "", 0)


@pytest.mark.parametrize("amount", ["10.0000", "10", 10, 10.0, Decimal("10.00")])
def test_amounts_come_as_text_and_as_numbers(amount: Any) -> None:
    found = parsed(order("10.0000") | {"total_inc_tax": amount}, THING | {"total_inc_tax": amount})
    assert (found.total, found.residual) == (10, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [("total_inc_tax", "ten"), ("date_created", "yesterday"), ("default_currency_code", "DOLLARS")],
)
def test_what_cannot_be_read_is_named(field: str, value: str) -> None:
    with pytest.raises(Rejected, match=value):
        parsed(order("10.0000") | {field: value}, THING)
