"""A Magento order in our words: when, who, how far, what was taken and what was given back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from connectors.documents import Order
from connectors.magento.sale import order_from
from tests.connectors.magento.documents_of_a_shop import D, document, item, order, raw


def made(**more: Any) -> dict[str, Any]:
    return order([item(1, "A", "40", tax="8", percent="20"), item(2, "B", "10")], **more)


def paid(**more: Any) -> dict[str, Any]:
    return document(made(), 501, [row(1, 40, tax=8), row(2, 10)], **more)


def row(order_item_id: int, amount: int, **more: Any) -> dict[str, Any]:
    tax = {"tax_amount": more.pop("tax", 0)}
    return {"order_item_id": order_item_id, "qty": 1, "price": amount, "row_total": amount, **tax, **more}


@pytest.mark.parametrize(
    ("state", "before", "stage"),
    [
        ("new", None, "placed"),
        ("pending_payment", None, "placed"),
        ("payment_review", None, "placed"),
        ("processing", None, "accepted"),
        ("complete", None, "accepted"),
        ("closed", None, "accepted"),
        ("canceled", None, "canceled"),
        ("holded", "new", "placed"),
        ("holded", "processing", "accepted"),
        ("holded", None, "placed"),
        ("nonsense", None, "placed"),
    ],
)
def test_the_state_says_how_far_an_order_is(state: str, before: str | None, stage: str) -> None:
    found = order_from(raw(made(state=state, hold_before_state=before, status="invoiced by us")))
    assert (found.stage, found.status) == (stage, "invoiced by us")


def test_a_status_that_got_lost_is_replaced_by_the_state() -> None:
    assert order_from(raw(made(status=None))).status == "processing"


def test_the_business_date_is_the_day_in_the_store() -> None:
    assert order_from(raw(made())).date == dt.date(2026, 3, 2)
    assert order_from(raw(made(), hub={"timezone": "America/New_York", "store_ids": []})).date == dt.date(2026, 3, 1)


def test_an_order_of_another_store_says_so() -> None:
    assert order_from(raw(made(), hub={"timezone": "", "store_ids": ["1"]})).skip_reason == "other_store"
    assert order_from(raw(made(), hub={"timezone": "", "store_ids": ["1", "2"]})).skip_reason == ""


def test_a_guests_name_comes_from_the_billing_address_and_is_decoded_once() -> None:
    found = order_from(raw(made()))
    assert (found.first_name, found.last_name, found.guest) == ("Ada", "Byte & Sons", True)
    assert (found.billing.street, found.billing.street2, found.billing.postcode) == ("1 Road", "Flat 2, Door 3", "")
    assert found.store_name == "Main Website / Main Store / French"


def test_only_paid_invoices_are_payments() -> None:
    invoices = [paid(), {**paid(state=1), "entity_id": 502}, {**paid(state=3), "entity_id": 503}]
    found = order_from(raw(made(), invoices=invoices))
    assert [(payment.id, payment.amount, payment.date) for payment in found.payments] == [
        ("501", D("58.00"), dt.date(2026, 3, 2))
    ]
    assert (found.payments[0].method, found.payments[0].method_name) == ("banktransfer", "Bank Transfer Payment")


def test_a_payment_is_dated_by_its_capture() -> None:
    capture = {"txn_id": "ch_1", "txn_type": "capture", "created_at": "2026-03-09 23:30:00", "child_transactions": []}
    found = order_from(raw(made(), invoices=[paid(transaction_id="ch_1")], transactions=[capture]))
    assert (found.payments[0].transaction_id, found.payments[0].date) == ("ch_1", dt.date(2026, 3, 10))


def test_money_taken_without_an_invoice_is_still_a_payment() -> None:
    found = order_from(raw(made(total_paid=58)))
    assert [(payment.id, payment.amount) for payment in found.payments] == [("order-1201", D("58.00"))]
    assert order_from(raw(made(total_paid=58), invoices=[paid(state=1)])).payments == ()


def test_an_order_says_what_was_paid_in_all_by_one_name_for_good() -> None:
    alone, invoiced = made(total_paid=58), raw(made(total_paid="58.0000"), invoices=[paid()])
    for given in (raw(alone), invoiced):
        found = order_from(given).paid
        assert found and (found.id, found.amount, found.date) == ("order-1201", 58, dt.date(2026, 3, 2))
    assert order_from(raw(made())).paid is None and order_from(raw(made(total_paid=0))).paid is None


def test_a_canceled_order_keeps_what_was_captured() -> None:
    found = order_from(raw(made(state="canceled"), invoices=[paid()]))
    assert (found.stage, found.captured) == ("canceled", D("58.00"))


def test_where_the_rest_was_canceled_the_invoiced_amounts_are_billed() -> None:
    half = made(total_canceled=10)
    head = {"subtotal": 40, "tax_amount": 8, "discount_amount": 0, "shipping_amount": 0, "grand_total": 48}
    found = order_from(raw(half, invoices=[document(half, 501, [row(1, 40, tax=8)], **head)]))
    assert [(line.sku, line.net, line.tax) for line in found.lines] == [("A", D("40.00"), D("8.00"))]
    assert (found.total, found.residual, found.captured) == (D("48.00"), 0, D("48.00"))


def test_several_invoices_of_one_item_are_one_line() -> None:
    half = order(
        [item(1, "A", "10", "3", qty_canceled=1)], shipping_amount="5", shipping_discount_amount="2", total_canceled=10
    )
    heads = [
        {"subtotal": 10, "shipping_amount": 5, "discount_amount": -2, "grand_total": 13},
        {"subtotal": 10, "shipping_amount": 0, "discount_amount": 0, "grand_total": 10},
    ]
    invoices = [document(half, 501 + n, [row(1, 10)], **head) for n, head in enumerate(heads)]
    found = order_from(raw(half, invoices=invoices))
    assert [(line.kind, line.quantity, line.net) for line in found.lines] == [("product", 2, 20), ("shipping", 1, 3)]
    assert (found.total, found.residual) == (23, 0)


def memo_of(**more: Any) -> Order:
    given = made(shipping_amount="5", shipping_tax_amount="1")
    head = {"subtotal": 40, "discount_amount": 0, "tax_amount": 9, "shipping_amount": 5, "shipping_tax_amount": 1}
    memo = document(given, 91, [row(1, 40, tax=8)], **{**head, "grand_total": 54, **more})
    return order_from(raw(given, creditmemos=[memo]))


def test_a_credit_memo_gives_back_its_lines_and_shipping() -> None:
    found = memo_of().refunds[0]
    assert [(line.kind, line.net, line.tax) for line in found.lines] == [("product", 40, 8), ("shipping", 5, 1)]
    assert (found.id, found.number, found.total, found.pending) == ("91", "2000000091", 54, False)


def test_a_memo_over_shipping_alone_gives_back_its_tax_too() -> None:
    given = made(shipping_amount="5", shipping_tax_amount="1")
    head = {"subtotal": 0, "discount_amount": 0, "tax_amount": 1, "shipping_amount": 5, "shipping_tax_amount": 1}
    memo = document(given, 91, [row(1, 0, qty=0)], **head, grand_total=6)
    found = order_from(raw(given, creditmemos=[memo])).refunds[0]
    assert [(line.kind, line.net, line.tax) for line in found.lines] == [("shipping", 5, 1)]
    assert found.total == found.lines_total == 6


def test_a_memo_over_an_amount_alone_is_a_named_line() -> None:
    head = {"subtotal": 0, "discount_amount": 0, "tax_amount": 0, "shipping_amount": 0, "adjustment_positive": 4.75}
    memo = document(made(), 91, [row(1, 0, qty=0)], **head, grand_total=4.75)
    found = order_from(raw(made(), creditmemos=[memo])).refunds[0]
    assert [(line.name, line.net, line.taxes) for line in found.lines] == [("Adjustment refund", D("4.75"), ())]


def test_adjustments_are_lines_without_tax_and_a_fee_lowers_the_refund() -> None:
    found = memo_of(adjustment_positive=4, adjustment_negative=2.5, grand_total=55.5).refunds[0]
    assert [(line.name, line.gross) for line in found.lines[2:]] == [
        ("Adjustment refund", 4),
        ("Adjustment fee", D("-2.50")),
    ]
    assert found.total == found.lines_total == D("55.50")


def test_what_went_back_to_store_credit_counts_too() -> None:
    extension = {"customer_balance_amount": 20, "gift_cards_amount": 4}
    found = memo_of(grand_total=30, extension_attributes=extension).refunds[0]
    assert (found.total, found.lines_total, len(found.lines)) == (54, 54, 2)


def test_store_credit_that_was_not_taken_off_the_total_is_not_added_again() -> None:
    assert memo_of(extension_attributes={"customer_balance_amount": 54}).refunds[0].total == 54


def test_only_the_tenders_that_were_taken_off_a_memos_total_are_added_to_it() -> None:
    """The gift card got its 10 back, the rest of the money went to store credit instead of the bank."""
    extension = {"gift_cards_amount": 40, "customer_balance_amount": 14}
    found = memo_of(grand_total=14, extension_attributes=extension).refunds[0]
    assert (found.total, found.residual, found.lines_total) == (54, 0, 54)
    assert [(tender.kind, tender.amount) for tender in found.tenders] == [("gift_card", 40), ("store_credit", 14)]


def test_a_memo_without_items_that_gives_back_all_tax_gives_it_back_as_tax() -> None:
    head = {"subtotal": 0, "discount_amount": 0, "tax_amount": 9, "shipping_amount": 0, "adjustment_positive": 10}
    memo = document(made(), 91, [row(1, 0, qty=0)], **head, grand_total=19)
    found = order_from(raw(made(), creditmemos=[memo])).refunds[0]
    assert [(line.net, line.tax) for line in found.lines] == [(10, 0), (0, 9)]
    assert (found.total, found.residual) == (19, 0)


def test_the_tax_of_a_memo_without_items_bears_the_names_of_the_orders_taxes() -> None:
    applied = [{"title": name, "percent": rate, "amount": of} for name, rate, of in (("GST", 5, 6), ("PST", 7, 3))]
    given = {**made(), "extension_attributes": {"applied_taxes": applied}}
    head = {"subtotal": 0, "discount_amount": 0, "tax_amount": "8.99", "shipping_amount": 0}
    memo = document(given, 91, [row(1, 0, qty=0)], **head, grand_total="8.99")
    [line] = order_from(raw(given, creditmemos=[memo])).refunds[0].lines
    assert [(tax.name, tax.rate, tax.amount) for tax in line.taxes] == [("GST", 5, D("5.99")), ("PST", 7, D("3.00"))]


def test_a_memo_that_does_not_add_up_says_by_how_much() -> None:
    cent, more = memo_of(grand_total=54.01).refunds[0], memo_of(grand_total=60).refunds[0]
    assert (cent.lines[-1].name, cent.lines[-1].net, cent.residual) == ("Rounding", D("0.01"), 0)
    assert (more.lines_total, more.total, more.residual) == (54, 60, 6)


def test_open_memos_are_pending_and_canceled_ones_are_none() -> None:
    assert memo_of(state=1).refunds[0].pending
    assert memo_of(state=3).refunds == ()


def test_an_order_says_what_was_refunded_in_all() -> None:
    assert order_from(raw(made(total_refunded=21.6, base_total_refunded=20))).refunded == D("21.60")
    assert order_from(raw(made(total_paid=58))).refunded is None


def test_a_closed_order_claims_that_all_it_was_paid_went_back() -> None:
    assert order_from(raw(made(state="closed", total_paid=58))).refunded == 58
    assert order_from(raw(made(state="closed", total_paid=58, total_refunded=21.6))).refunded == D("21.60")
    assert order_from(raw(made(state="closed", total_paid=0))).refunded is None


def test_the_second_edit_replaces_the_first() -> None:
    found = order_from(raw(made(original_increment_id="13", relation_parent_real_id="13-1", increment_id="13-2")))
    assert found.replaces == "13-1"


def test_a_foreign_currency_is_never_mixed_with_the_base() -> None:
    found = order_from(
        raw(made(order_currency_code="USD", base_to_order_rate=1.0871, base_grand_total=53.35), invoices=[paid()])
    )
    assert (found.currency, found.base_currency, found.base_rate, found.total) == (
        "USD",
        "EUR",
        D("1.0871"),
        D("58.00"),
    )
    assert found.payments[0].currency == "USD"


def test_dinars_keep_three_places_and_yen_the_two_that_the_core_rounds_to() -> None:
    assert str(order_from(raw(order([item(1, "A", "1.234")], order_currency_code="KWD"))).total) == "1.234"
    assert str(order_from(raw(order([item(1, "A", "100")], order_currency_code="JPY"))).total) == "100.00"
