"""Refunds: lines that add up to what went back, with the share of tax that the store says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import Order, Refund
from tests.connectors.bigcommerce.rows import line, order, parsed, taken

D = Decimal
LINES = (
    line(2210, "37.5000", "40.5000", tax="2.7000", after="36.4500", quantity=3),
    line(2211, "20.0000", "21.6000", tax="1.4400", after="19.4400"),
)
SHIPPING = {"shipping_cost_ex_tax": "8.0000", "shipping_cost_inc_tax": "8.6400", "shipping_cost_tax": "0.6400"}
ADDRESS = {"id": 950, "shipping_method": "UPS", "cost_inc_tax": "8.6400", "cost_tax": "0.6400"}
TAXES = [{"name": "Texas", "rate": "8.0000", "line_amount": "4.7800"}]


def sold(*refunds: dict[str, Any], **head: Any) -> Order:
    whole = order("64.5300", "4.7800", **{**SHIPPING, **head})
    money = {"transactions": [taken("64.53")], "taxes": TAXES}
    return parsed(whole, *LINES, refunds=list(refunds), shipping_addresses=[ADDRESS], **money)


def given(total: str, tax: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    paid = [{"id": 40, "provider_id": "stripe", "amount": D(total), "offline": False, "is_declined": False}]
    return {
        "id": 31,
        "order_id": 1042,
        "created": "2026-03-05T03:00:00+00:00",
        "reason": "Damaged",
        "total_amount": D(total),
        "total_tax": D(tax),
        "items": list(items),
        "payments": paid,
        **more,
    }


def item(kind: str, id: int, quantity: int | None = None, amount: str | None = None, **more: Any) -> dict[str, Any]:
    return {"item_type": kind, "item_id": id, "quantity": quantity, "requested_amount": amount, **more}


def only(found: Order) -> Refund:
    [back] = found.refunds
    assert back.lines_total + back.residual == back.total
    return back


def test_one_of_three_goes_back_with_its_share_of_tax() -> None:
    back = only(sold(given("12.15", "0.9", item("PRODUCT", 2210, 1))))
    [mug] = back.lines
    assert (mug.sku, mug.quantity, mug.net, mug.tax) == ("SKU-2210", 1, D("11.25"), D("0.90"))
    assert (back.id, back.number, str(back.date), back.reason) == ("31", "31", "2026-03-04", "Damaged")


def test_shipping_goes_back_by_its_address() -> None:
    [shipping] = only(sold(given("4.32", "0.32", item("SHIPPING", 950, amount="4.32")))).lines
    assert (shipping.kind, shipping.net, shipping.tax) == ("shipping", D("4.00"), D("0.32"))


def test_an_amount_without_tax_is_known_by_the_total_that_it_comes_to() -> None:
    back = only(sold(given("8.64", "0.64", item("SHIPPING", 950, amount="8"))))
    assert [(one.net, one.tax) for one in back.lines] == [(D("8.00"), D("0.64"))]
    mixed = only(sold(given("16.47", "1.22", item("SHIPPING", 950, amount="4"), item("PRODUCT", 2210, 1))))
    assert (mixed.residual, [one.gross for one in mixed.lines]) == (0, [D("4.32"), D("12.15")])


def test_an_amount_that_the_total_does_not_explain_is_taken_with_tax() -> None:
    kept = {"adjustments": [{"amount": D("-1.00"), "description": "Restocking"}]}
    back = only(sold(given("7.64", "0.64", item("SHIPPING", 950, amount="8.64", **kept))))
    assert [one.gross for one in back.lines] == [D("8.64"), D("-1.00")]


WRAPPED = {"wrapping_cost_inc_tax": "2.2000", "wrapping_cost_ex_tax": "2.0000", "wrapping_cost_tax": "0.2000"}


@pytest.mark.parametrize(
    ("pieces", "total", "tax", "wrapping"), [(2, "13.20", "1.20", "2.20"), (1, "6.60", "0.60", "1.10")]
)
def test_wrapping_goes_back_with_the_pieces_of_its_own_product(
    pieces: int, total: str, tax: str, wrapping: str
) -> None:
    head = order(
        "26.4000", "2.4000", wrapping_cost_ex_tax="4.0000", wrapping_cost_inc_tax="4.4000", wrapping_cost_tax="0.4000"
    )
    lines = [line(id, "10.0000", "11.0000", after="11.0000", quantity=2, **WRAPPED) for id in (1, 2)]
    asked = given(total, tax, item("PRODUCT", 1, pieces), item("GIFT_WRAPPING", 1))
    back = only(parsed(head, *lines, refunds=[asked], taxes=[{"name": "VAT", "rate": "10", "line_amount": "2.4000"}]))
    assert (back.residual, [(one.name, one.gross) for one in back.lines][-1]) == (0, ("Gift wrapping", D(wrapping)))


@pytest.mark.parametrize("left", ["0.0000", "1.0000"])
def test_a_tax_keeps_its_name_after_a_refund_took_it_off_the_orders_taxes(left: str) -> None:
    taxes = [
        {"name": name, "rate": rate, "line_amount": amount, "line_item_type": "item", "order_product_id": id}
        for name, rate, amount, id in (("VAT 20", "20.0000", left, "1"), ("VAT 2", "2.0000", "0.2000", "2"))
    ]
    lines = [line(1, "10.0000", "12.0000"), line(2, "10.0000", "10.2000")]
    found = parsed(
        order("22.2000", "2.2000"), *lines, refunds=[given("12.00", "2.00", item("PRODUCT", 1, 1))], taxes=taxes
    )
    assert [(tax.name, tax.rate, tax.amount) for tax in found.lines[0].taxes] == [("VAT 20", 20, 2)]
    assert [(tax.name, tax.amount) for tax in only(found).lines[0].taxes] == [("VAT 20", 2)]


def test_an_amount_of_the_whole_order_bears_no_tax() -> None:
    [amount] = only(sold(given("5.00", "0", item("ORDER", 1042, amount="5.00")))).lines
    assert (amount.kind, amount.name, amount.net, amount.tax) == ("adjustment", "Refund of an amount", 5, 0)


def test_the_refunds_own_tax_is_the_truth() -> None:
    """Reckoned it would be 0.90 and 1.44."""
    back = only(sold(given("31.59", "2.35", item("PRODUCT", 2210, 1), item("PRODUCT", 2211, 1))))
    assert sum(one.tax for one in back.lines) == D("2.35")


def test_a_cent_of_rounding_goes_to_the_largest_share() -> None:
    back = only(sold(given("31.60", "2.34", item("PRODUCT", 2210, 1), item("PRODUCT", 2211, 1))))
    assert [one.gross for one in back.lines] == [D("12.15"), D("19.45")]


def test_what_neither_items_nor_words_explain_is_left_open() -> None:
    back = only(sold(given("20.00", "0.9", item("PRODUCT", 2210, 1))))
    assert (back.residual, [one.gross for one in back.lines]) == (D("7.85"), [D("12.15")])


def test_amounts_that_the_merchant_typed_in_are_a_line_that_says_so() -> None:
    back = only(sold(given("10.00", "0.9", item("PRODUCT", 2210, 1), uses_merchant_override_values=True)))
    assert (back.residual, back.lines[-1].name, back.lines[-1].net) == (0, "Amounts set by the merchant", D("-2.15"))


def test_pieces_that_were_rounded_each_leave_nothing_open() -> None:
    back = only(sold(given("36.48", "2.7", item("PRODUCT", 2210, 3))))
    assert (back.residual, [one.gross for one in back.lines]) == (0, [D("36.48")])
    assert only(sold(given("36.49", "2.7", item("PRODUCT", 2210, 3)))).residual == D("0.04")


def test_an_amount_without_items_bears_the_tax_that_the_refund_says() -> None:
    [line] = only(sold(given("10.80", "0.80"))).lines
    assert (line.name, line.net, [(tax.name, tax.amount) for tax in line.taxes]) == (
        "Refund without items",
        10,
        [("Texas", D("0.80"))],
    )


def test_tax_that_no_item_bears_goes_back_as_tax() -> None:
    amount, tax = only(sold(given("7.00", "2.00", item("ORDER", 1042, amount="5.00")))).lines
    assert (amount.net, amount.tax, tax.net, [(one.name, one.amount) for one in tax.taxes]) == (
        5, 0, 0, [("Texas", 2)],
    )  # fmt: skip


def test_tax_within_an_amount_that_should_bear_none_is_told_all_the_same() -> None:
    [amount] = only(sold(given("5.00", "0.40", item("ORDER", 1042, amount="5.00")))).lines
    assert (amount.net, amount.tax) == (D("4.60"), D("0.40"))


def test_an_adjustment_is_told_by_its_description() -> None:
    kept = {"adjustments": [{"amount": D("-2.15"), "description": "Restocking"}]}
    back = only(sold(given("10.00", "0.9", item("PRODUCT", 2210, 1, **kept))))
    assert [(one.name, one.net) for one in back.lines][-1] == ("Restocking", D("-2.15"))


@pytest.mark.parametrize("tax", ["0", "-0.50"])
def test_a_tax_of_nothing_or_less_is_not_shared_out(tax: str) -> None:
    back = only(sold(given("12.15", tax, item("PRODUCT", 2210, 1))))
    assert [(one.net, one.tax) for one in back.lines] == [(D("12.15"), 0)]


def test_a_refund_of_tax_alone_is_tax() -> None:
    [line] = only(sold(given("2.00", "2.00"))).lines
    assert (line.net, line.tax) == (0, 2)


def test_what_the_gateway_declined_was_not_given_back() -> None:
    declined = {"id": 41, "provider_id": "stripe", "amount": D("12.15"), "is_declined": True}
    assert sold(given("12.15", "0.9", item("PRODUCT", 2210, 1), payments=[declined])).refunds == ()
    parts = [{**declined, "amount": D("2.15")}, {**declined, "amount": D("10.00"), "is_declined": False}]
    back = only(sold(given("12.15", "0.9", item("PRODUCT", 2210, 1), payments=parts)))
    assert (back.total, back.lines[-1].name) == (10, "Declined by the gateway")


def test_what_went_back_as_store_credit_is_named() -> None:
    ways = [{"id": 1, "provider_id": "storecredit", "amount": D("12.15"), "is_declined": False}]
    back = only(sold(given("12.15", "0.9", item("PRODUCT", 2210, 1), payments=ways)))
    assert [(one.kind, one.amount) for one in back.tenders] == [("store_credit", D("12.15"))]


@pytest.mark.parametrize(
    ("head", "claimed"),
    [
        ({"status_id": 4}, D("64.53")),
        ({"payment_status": "refunded"}, D("64.53")),
        ({"status_id": 14}, None),
        ({}, None),
    ],
)
def test_an_order_that_calls_itself_refunded_claims_what_was_paid(
    head: dict[str, Any], claimed: Decimal | None
) -> None:
    assert sold(**head).refunded == claimed


def test_the_orders_own_refunded_amount_is_never_believed() -> None:
    assert sold(refunded_amount="64.5300").refunded is None
