"""Whatever an order looks like and whatever the policy is, what we post is worth what the source says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Capabilities
from connectors.documents import Order
from hub.accounting.lines import books_lines
from hub.accounting.policy import Policy
from hub.accounting.proof import lines_total, prove_wanted
from hub.accounting.terms import Terms
from hub.accounting.want import want
from tests.accounting.orders import line, order, orders

policies = st.builds(
    Policy, tax_style=st.sampled_from(["percent", "lines"]), discounts=st.sampled_from(["net", "line"])
)
capabilities = st.builds(Capabilities, negative_lines=st.sampled_from([True, False, None]))


@given(orders(), policies, capabilities)
def test_the_lines_always_make_the_total(order: Order, policy: Policy, books: Capabilities) -> None:
    wanted = want(order, Terms(policy=policy, capabilities=books))
    prove_wanted(wanted.invoice)
    assert lines_total(wanted.invoice.lines) == order.total


@given(orders(), policies)
def test_no_line_has_more_taxes_than_the_books_have_slots(order: Order, policy: Policy) -> None:
    wanted = want(order, Terms(policy=policy))
    assert all(len(one.taxes) <= 2 for one in wanted.invoice.lines)


@given(orders())
def test_tax_as_lines_posts_each_tax_with_its_exact_amount(order: Order) -> None:
    wanted = want(order, Terms(policy=Policy(tax_style="lines")))
    assert not any(one.taxes for one in wanted.invoice.lines)


@given(orders(), policies)
def test_books_that_refuse_negative_lines_get_none(order: Order, policy: Policy) -> None:
    wanted = want(order, Terms(policy=policy, capabilities=Capabilities(negative_lines=False)))
    assert all(one.amount >= 0 for one in wanted.invoice.lines)


@given(orders())
def test_a_price_has_at_most_two_decimals(order: Order) -> None:
    wanted = want(order, Terms())
    assert all(one.unit_price == one.unit_price.quantize(Decimal("0.01")) for one in wanted.invoice.lines)


def _only_line(given: Order) -> object:
    return books_lines(given.lines, "EUR", Policy(), Capabilities())[0]


def test_quantity_and_price_stay_when_their_product_is_exact() -> None:
    made = _only_line(order(line("60.00", "0", quantity=Decimal(3), unit_price=Decimal(20))))
    assert (made.quantity, made.unit_price, made.description) == (3, 20, "")  # type: ignore[attr-defined]


def test_a_line_that_cannot_be_divided_becomes_one_with_the_count_in_words() -> None:
    made = _only_line(order(line("10.00", "0", quantity=Decimal(3), unit_price=Decimal("3.33"))))
    assert (made.quantity, made.unit_price, made.description) == (1, 10, "3 × 3.33")  # type: ignore[attr-defined]


def test_a_discount_is_named_where_it_was_taken_off() -> None:
    given = order(line("36.00", "7.20", discount=Decimal("4.00")), discount_names=("TEN",))
    made = books_lines(given.lines, "EUR", Policy(), Capabilities(), discount_names=("TEN",))[0]
    assert made.description == "Discount TEN −4.00 included"


def test_a_discount_line_carries_its_share_of_the_tax() -> None:
    given = line("36.00", "7.20", quantity=Decimal(2), unit_price=Decimal(20), discount=Decimal("4.00"))
    full, off = books_lines([given], "EUR", Policy(discounts="line"), Capabilities())
    assert (full.amount, off.amount) == (40, -4)
    assert (full.tax, off.tax) == (Decimal("8.00"), Decimal("-0.80"))


@pytest.mark.parametrize(("name", "chosen"), [("line", "Flat rate"), ("Freight", "Freight")])
def test_shipping_is_posted_under_the_name_the_policy_chooses(name: str, chosen: str) -> None:
    shipping = line("5.00", "1.00", kind="shipping", name="Flat rate", sku="")
    made = books_lines([shipping], "EUR", Policy(shipping=name), Capabilities())[0]
    assert made.name == chosen
