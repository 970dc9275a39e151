"""The simulator's arithmetic, against the one real total that is known and against each rule it can play."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.freshbooks.sandbox.money import Cents, plain
from connectors.freshbooks.sandbox.totals import Taxed, totals
from tests.connectors.freshbooks.books_api import Books, line, usd

CAD = {"amount": "5.00", "code": "CAD"}


def test_the_vendors_own_example_adds_up() -> None:
    books = Books()
    bowls = line("5.00", 4, ("HST", "13"), unit_cost=CAD)
    mugs = line("4.00", 6, unit_cost={"amount": "4.00", "code": "CAD"})
    invoice = books.invoice(bowls, mugs, currency_code="CAD", discount_value="10")
    assert invoice["amount"] == {"amount": "41.94", "code": "CAD"}
    assert invoice["discount_total"]["amount"] == "-4.40"
    assert [one["amount"]["amount"] for one in invoice["lines"]] == ["20.00", "24.00"]


@pytest.mark.parametrize(("point", "total"), [("line", "6.64"), ("tax", "6.60"), ("total", "6.61")])
def test_the_point_of_rounding_is_seen_in_the_total(point: str, total: str) -> None:
    books = Books(rounding_point=point)
    lines = [line("1.60", 1, ("State", "1"), ("City", "2.25")) for _ in range(4)]
    assert books.invoice(*lines)["amount"]["amount"] == total


@pytest.mark.parametrize(("mode", "total"), [("half_up", "1.03"), ("half_even", "1.02"), ("down", "1.02")])
def test_the_mode_of_rounding_is_seen_in_the_total(mode: str, total: str) -> None:
    assert Books(rounding_mode=mode).invoice(line("1.00", 1, ("VAT", "2.5")))["amount"]["amount"] == total


def test_a_compounded_tax_is_also_taken_of_the_first() -> None:
    taxes = ("GST", "5"), ("PST", "10")
    invoice = Books().invoice(line("100.00", 1, *taxes, compounded_tax=True))
    assert invoice["amount"] == usd("115.50")
    assert Books().invoice(line("100.00", 1, *taxes))["amount"] == usd("115.00")


def test_books_may_not_know_tax_on_tax() -> None:
    made = Books(compounded_tax="ignore").invoice(line("100.00", 1, ("GST", "5"), ("PST", "10"), compounded_tax=True))
    assert (made["amount"], made["lines"][0]["compounded_tax"]) == (usd("115.00"), False)


def test_money_may_have_the_decimals_of_its_currency() -> None:
    yen = {"amount": "100.4", "code": "JPY"}
    assert Books().invoice(line("0", unit_cost=yen), currency_code="JPY")["amount"]["amount"] == "100.40"
    exact = Books(currency_decimals="iso")
    assert exact.invoice(line("0", unit_cost=yen), currency_code="JPY")["amount"]["amount"] == "100"
    dinar = {"amount": "1.2345", "code": "BHD"}
    assert exact.invoice(line("0", unit_cost=dinar), currency_code="BHD")["amount"]["amount"] == "1.235"


def test_a_price_finer_than_cents_is_kept_or_rounded() -> None:
    assert Books().invoice(line("0.333", 3))["amount"] == usd("1.00")
    assert Books(price_decimals="round").invoice(line("0.333", 3))["amount"] == usd("0.99")


@pytest.mark.parametrize(
    "number, shown", [("4", "4"), ("4.0", "4"), ("12.50", "12.5"), ("100", "100"), ("0.125", "0.125")]
)
def test_quantities_and_percentages_are_shown_short(number: str, shown: str) -> None:
    assert plain(Decimal(number)) == shown


@given(
    st.lists(st.tuples(st.decimals(0, 9999, places=2), st.decimals(0, 30, places=3)), min_size=1, max_size=8),
    st.sampled_from(["line", "tax", "total"]),
)
def test_no_rule_strays_further_than_a_cent_for_each_rounding(
    priced: list[tuple[Decimal, Decimal]], point: str
) -> None:
    cents = Cents("USD", {"rounding_mode": "half_up", "currency_decimals": "two"})
    lines = [Taxed(net, (("VAT", rate),)) for net, rate in priced]
    exact = sum((net + net * rate / 100 for net, rate in priced), Decimal(0))
    assert abs(totals(lines, Decimal(0), cents, point).amount - exact) <= Decimal("0.01") * len(priced)
