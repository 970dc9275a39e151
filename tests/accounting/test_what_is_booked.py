"""Which orders are booked, and as which documents."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from connectors.base import Capabilities
from connectors.documents import Order, Tender
from hub.accounting.dates import Calendar
from hub.accounting.policy import DueFrom, FixedRate, Policy
from hub.accounting.proof import lines_total
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.errors import Closed, Held, Skipped
from tests.accounting.orders import PLACED, line, order, orders, payment, refund


def _reason(given: Order, **policy: Any) -> str:
    with pytest.raises((Skipped, Held)) as raised:
        want(given, Terms(policy=Policy(**policy)))
    return raised.value.reason


def test_an_order_the_store_has_not_accepted_is_skipped() -> None:
    assert _reason(order(stage="placed")) == "not_accepted"


def test_an_order_canceled_before_anything_was_paid_is_skipped() -> None:
    assert _reason(order(stage="canceled")) == "canceled"


def test_a_canceled_order_that_was_captured_is_booked() -> None:
    assert want(order(stage="canceled", payments=(payment("43.20"),)), Terms()).payments


def test_an_order_over_nothing_is_skipped_unless_the_policy_invoices_it() -> None:
    free = order(line("0", "0"))
    assert _reason(free) == "zero_total"
    assert want(free, Terms(policy=Policy(zero_total="invoice"))).invoice.total == 0


def test_a_total_of_nothing_over_lines_that_are_worth_something_is_not_believed() -> None:
    """Such as one that was paid whole by a kind of gift card which nobody told us of."""
    assert _reason(order(line("45.00", "9.00"), total=Decimal(0), residual=Decimal(-54))) == "does_not_add_up"


def test_an_order_before_the_cut_over_is_skipped() -> None:
    assert _reason(order(), cut_over=dt.date(2026, 4, 1)) == "before_cut_over"


def test_an_order_without_an_e_mail_is_held() -> None:
    assert _reason(order(email="")) == "no_email"


def test_a_guest_client_takes_orders_without_an_e_mail() -> None:
    policy = Policy(no_email="guest_client", guest_client="Counter@shop.example")
    assert want(order(email=""), Terms(policy=policy)).client.key == "counter@shop.example"


def test_a_client_is_known_by_the_lower_cased_e_mail() -> None:
    assert want(order(), Terms()).client.key == "ada@example.com"


def test_an_order_that_does_not_add_up_is_held_with_both_sums() -> None:
    assert _reason(order(total=Decimal("50.00"), residual=Decimal("6.80"))) == "does_not_add_up"


def test_a_cent_that_the_source_leaves_open_becomes_one_rounding_line() -> None:
    wanted = want(order(total=Decimal("43.21"), residual=Decimal("0.01")), Terms())
    assert [(one.name, one.amount) for one in wanted.invoice.lines][-1] == ("Rounding", Decimal("0.01"))


def test_numbers_take_the_flows_prefix_and_the_po_number_stays_the_sources() -> None:
    wanted = want(order(), Terms(policy=Policy(invoice_prefix="N-"))).invoice
    assert (wanted.number, wanted.po_number) == ("N-000000015", "000000015")


def test_each_capture_is_a_payment_marked_with_its_transaction() -> None:
    paid = order(payments=(payment("20.00", "502", transaction_id="ch_2"), payment("23.20", "501")))
    made = want(paid, Terms()).payments
    assert [(one.key, one.marker) for one in made] == [
        ("000000015/501", "[000000015/501]"),
        ("000000015/502", "[000000015/ch_2]"),
    ]


def test_two_captures_under_one_transaction_keep_apart() -> None:
    paid = order(payments=(payment("20.00", "1", transaction_id="t"), payment("23.20", "2", transaction_id="t")))
    assert [one.marker for one in want(paid, Terms()).payments] == ["[000000015/t]", "[000000015/2]"]


def test_a_further_capture_under_the_same_transaction_leaves_the_earlier_marks_as_they_were() -> None:
    """By them the books are searched after a restored backup."""
    first = payment("20.00", "1", transaction_id="t")
    later = payment("23.20", "2", transaction_id="t", paid_at=PLACED + dt.timedelta(days=1))
    before, after = (want(order(payments=paid), Terms()).payments for paid in ((first,), (first, later)))
    assert before[0].marker == after[0].marker


@pytest.mark.parametrize(
    ("method", "name", "type"),
    [
        ("checkmo", "Check / Money order", "Check"),
        ("banktransfer", "Bank Transfer Payment", "Bank Transfer"),
        ("cashondelivery", "Cash On Delivery", "Cash"),
        ("paypal_express", "PayPal Express Checkout", "PayPal"),
        ("braintree_paypal", "", "PayPal"),
        ("braintree", "", "Credit Card"),
        ("stripe_payments", "", "Credit Card"),
        ("ccsave", "", "Credit Card"),
        ("creditcard", "Credit Card (Visa)", "Credit Card"),
        ("amex", "", "AMEX"),
        ("payone_debit_card", "", "Debit"),
        ("sepa_direct_debit", "SEPA Direct Debit", "Bank Transfer"),
        ("2checkout", "", "2Checkout"),
        ("checkout_com", "", "Other"),
        ("klarna_checkout", "", "Other"),
        ("companycredit", "Payment on Account", "Other"),
        ("purchaseorder", "Purchase Order", "Other"),
    ],
)
def test_a_payment_s_type_is_guessed_from_whole_words(method: str, name: str, type: str) -> None:
    paid = order(payments=(payment("43.20", method=method, method_name=name),))
    kinds = ("2Checkout", "AMEX", "Bank Transfer", "Cash", "Check", "Credit Card", "Debit", "JCB", "PayPal")
    terms = Terms(capabilities=Capabilities(payment_types=kinds))
    assert want(paid, terms).payments[0].type == type


def test_a_gift_card_pays_the_invoice_and_does_not_reduce_it() -> None:
    made = want(order(tenders=(Tender(kind="gift_card", name="GC1", amount=Decimal(10)),)), Terms())
    assert (made.invoice.total, made.payments[0].amount, made.payments[0].type) == (Decimal("43.20"), 10, "Other")
    assert made.payments[0].method_name == "Gift card GC1"


def test_more_than_the_total_is_never_paid() -> None:
    assert _reason(order(payments=(payment("50.00"),))) == "overpaid"


def test_a_partial_refund_becomes_a_credit_note_with_its_share_of_the_tax() -> None:
    given = order(refunds=(refund(line("18.00", "3.60")),))
    made = want(given, Terms(policy=Policy(invoice_prefix="N-"))).credits[0]
    assert (made.number, made.total, made.date) == ("N-200000091", Decimal("21.60"), dt.date(2026, 3, 5))
    assert lines_total(made.lines) == made.total


def test_a_refund_whose_money_is_not_returned_yet_waits() -> None:
    made = want(order(refunds=(refund(line("18.00", "3.60"), pending=True),)), Terms())
    assert not made.credits
    assert "not returned" in made.remark


def test_more_than_was_sold_is_never_credited() -> None:
    made = want(order(refunds=(refund(line("50.00", "10.00")),)), Terms())
    assert sum(credit.total for credit in made.credits) == made.invoice.total
    assert [finding.reason for finding in made.findings] == ["refund_too_large"]


def test_a_late_arrival_takes_the_first_open_day_and_says_so() -> None:
    made = want(order(payments=(payment("43.20"),)), Terms(calendar=Calendar(dt.date(2026, 3, 31))))
    assert made.invoice.date == made.payments[0].date == dt.date(2026, 4, 1)
    assert "2026-03-02" in made.invoice.notes


def test_a_document_in_a_closed_period_is_not_changed() -> None:
    with pytest.raises(Closed):
        Calendar(dt.date(2026, 3, 31)).require_open(dt.date(2026, 3, 31), "Invoice N-1")


@pytest.mark.parametrize(("terms", "days"), [("Net 30", 30), ("", 0), ("14 days", 14)])
def test_due_days_are_read_from_the_payment_terms(terms: str, days: int) -> None:
    policy = Policy(due_days=DueFrom(**{"from": "payment_terms"}))
    assert want(order(payment_terms=terms), Terms(policy=policy)).invoice.due_days == days


def test_a_missing_rate_is_held() -> None:
    assert _reason(order(), currency="convert", convert_to="USD") == "no_rate"


CONVERT = Policy(currency="convert", convert_to="USD", rates=(FixedRate(currency="EUR", rate=Decimal("1.0837")),))


@given(orders())
def test_a_converted_order_still_adds_up_and_stays_fully_paid(given: Order) -> None:
    paid = given.model_copy(update={"payments": (payment(str(given.total)),)})
    made = want(paid, Terms(policy=CONVERT))
    assert made.invoice.currency == "USD"
    assert lines_total(made.invoice.lines) == made.invoice.total == sum(one.amount for one in made.payments)
    assert "1.0837" in made.invoice.notes


def test_a_bare_off_in_a_file_turns_payments_and_write_back_off() -> None:
    policy = Policy.model_validate({"payments": False, "write_back": False})
    assert want(order(payments=(payment("43.20"),)), Terms(policy=policy)).payments == ()
    assert not policy.write_back.comment
