"""The simulated shop's sums are Magento's: the header adds up exactly, and so do invoices and credit memos."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.magento.sandbox import sandbox
from connectors.magento.sandbox.counted import carriers
from connectors.magento.sandbox.kinds import KINDS
from connectors.magento.sandbox.tax import Algorithm, Calculator, Rate
from tests.connectors.magento.calling import got, listed, tendered

ZERO = Decimal(0)
FEE = {"": "weee_tax_applied_row_amount", "base_": "base_weee_tax_applied_row_amnt"}


def header_total(order: dict[str, Any], base: str) -> Decimal:
    """Identity 7.3: without tenders."""
    amnt = "amnt" if base else "amount"
    names = ("subtotal", "discount_amount", "shipping_amount", "tax_amount", "discount_tax_compensation_amount")
    fees = sum((Decimal(item.get(FEE[base], 0)) for item in carriers(order["items"])), ZERO)
    shipping = Decimal(order[f"{base}shipping_discount_tax_compensation_{amnt}"])
    return sum((Decimal(order[base + name]) for name in names), ZERO) + shipping + fees


def made(kind: str, seed: int) -> tuple[sandbox, dict[str, Any]]:
    shop = sandbox()
    shop.switch["row_total"] = "raw"
    placed = shop.place({"kind": kind, "seed": seed})
    return shop, got(shop, f"orders/{placed['entity_id']}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_every_kind_of_order_adds_up_to_its_grand_total_in_both_currencies(kind: str, seed: int) -> None:
    _, order = made(kind, seed)
    for base in ("", "base_"):
        assert header_total(order, base) - tendered(order, base) == Decimal(order[f"{base}grand_total"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_that_carry_money_add_up_to_the_header(kind: str) -> None:
    for seed in range(5):
        _, order = made(kind, seed)
        rows = carriers(order["items"])
        assert sum(Decimal(row["row_total"]) for row in rows) == Decimal(order["subtotal"])
        assert sum(Decimal(row["tax_amount"]) for row in rows) + Decimal(order["shipping_tax_amount"]) == Decimal(
            order["tax_amount"]
        )
        discounts = sum(Decimal(row["discount_amount"]) for row in rows) + Decimal(order["shipping_discount_amount"])
        assert discounts == -Decimal(order["discount_amount"])


@pytest.mark.parametrize("kind", KINDS)
def test_taxes_by_rate_add_up_to_the_tax(kind: str) -> None:
    _, order = made(kind, 3)
    extension = order["extension_attributes"]
    assert sum(Decimal(tax["amount"]) for tax in extension["applied_taxes"]) == Decimal(order["tax_amount"])
    rows = [tax for row in extension["item_applied_taxes"] for tax in row["applied_taxes"]]
    assert sum(Decimal(tax["amount"]) for tax in rows) == Decimal(order["tax_amount"])


@pytest.mark.parametrize(
    "kind", ["simple", "partial_capture", "tax_inclusive", "shipping_discount", "dynamic_bundle", "fractional"]
)
def test_invoices_take_the_whole_order_and_no_cent_more(kind: str) -> None:
    for seed in range(10):
        shop, order = made(kind, seed)
        invoices = listed(shop, "invoices", ("order_id", "eq", str(order["entity_id"])))
        for name in ("subtotal", "tax_amount", "discount_amount", "shipping_amount", "grand_total"):
            assert sum(Decimal(invoice[name]) for invoice in invoices) == Decimal(order[name])
        assert Decimal(order["total_paid"]) == Decimal(order["grand_total"])
        assert order["total_due"] == 0


@pytest.mark.parametrize("kind", ["partial_refund", "full_refund", "adjustment_refund", "shipping_refund"])
def test_a_credit_memo_adds_up(kind: str) -> None:
    for seed in range(10):
        shop, order = made(kind, seed)
        (memo,) = listed(shop, "creditmemos", ("order_id", "eq", str(order["entity_id"])))
        names = (
            "subtotal",
            "discount_amount",
            "shipping_amount",
            "tax_amount",
            "discount_tax_compensation_amount",
            "adjustment",
        )
        assert sum(Decimal(memo[name]) for name in names) == Decimal(memo["grand_total"])
        assert Decimal(order["total_refunded"]) == Decimal(memo["grand_total"]) > 0


def test_only_a_full_refund_closes_the_order() -> None:
    assert made("full_refund", 1)[1]["state"] == "closed"
    assert made("partial_refund", 1)[1]["state"] == "complete"


def test_a_deep_discount_on_prices_with_tax_is_not_shown_below_zero() -> None:
    shop = sandbox()
    rows = []
    for seed in range(20):
        placed = shop.place({"kind": "tax_inclusive", "seed": seed})
        rows += [item for item in placed["items"] if item["discount_percent"] == 90]
    assert rows
    assert {row["row_total"] for row in rows} == {ZERO}
    assert all(row["row_total_incl_tax"] > 0 for row in rows)


RATE = Rate("R", "R", Decimal("8.25"))
PRICES = st.decimals("0.01", "500", places=2)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(PRICES, st.integers(1, 12)), min_size=1, max_size=6),
    st.sampled_from(list(Algorithm)),
    st.booleans(),
    st.sampled_from([Decimal(percent) for percent in ("0", "10", "33.33", "90", "100")]),
)
def test_what_the_customer_pays_for_a_row_is_its_net_and_its_tax(
    rows: list[tuple[Decimal, int]], algorithm: Algorithm, includes_tax: bool, percent: Decimal
) -> None:
    calculator = Calculator(algorithm, includes_tax)
    for price, quantity in rows:
        row = calculator.row(price, Decimal(quantity), (RATE,), percent)
        paid = row.row_total - row.discount + row.compensation + row.tax
        assert paid == (price * quantity - row.discount if includes_tax else row.row_total - row.discount + row.tax)


@settings(max_examples=100, deadline=None)
@given(st.lists(PRICES, min_size=2, max_size=9))
def test_carried_remainders_make_the_sum_of_the_rows_the_rounded_sum(prices: list[Decimal]) -> None:
    calculator = Calculator(Algorithm.TOTAL, False)
    taxes = sum(calculator.row(price, Decimal(1), (RATE,), ZERO).tax for price in prices)
    assert abs(taxes - sum(prices) * RATE.percent / 100) <= Decimal("0.005001")


def test_base_is_rounded_by_itself() -> None:
    shop = sandbox()
    orders = [shop.place({"kind": "foreign_currency", "seed": seed}) for seed in range(10)]
    assert all(order["order_currency_code"] == "CAD" and order["base_currency_code"] == "USD" for order in orders)
    assert any(order["base_grand_total"] * order["base_to_order_rate"] != order["grand_total"] for order in orders)


def test_yen_are_whole_and_dinars_have_two_places() -> None:
    shop, dice = sandbox(), random.Random(5)
    yen = shop.place({"kind": "yen", "seed": dice.randrange(99)})
    assert all(yen[name] % 1 == 0 for name in ("subtotal", "tax_amount", "shipping_amount", "grand_total"))
    assert shop.place({"kind": "dinar", "seed": 1})["grand_total"].as_tuple().exponent == -2
