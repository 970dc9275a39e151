"""Section 7.4 of the sheet: lines that add up, for every kind of order and every version's row_total."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import Order
from connectors.magento.sale import order_from
from tests.connectors.magento.documents_of_a_shop import D, item, order, raw

REWRITINGS = ("raw", "unclamped", "2.4.6")
cents = st.decimals(min_value=0, max_value=500, places=2, allow_nan=False, allow_infinity=False)
few_cents = st.decimals(min_value=0, max_value=20, places=2, allow_nan=False, allow_infinity=False)


def read(made: dict[str, object]) -> Order:
    return order_from(raw(made))


def nets(found: Order) -> list[str]:
    return [f"{line.id}:{line.net}+{line.tax}" for line in found.lines]


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_a_discounted_row_is_not_discounted_twice(rewriting: str) -> None:
    found = read(order([item(1, "HOODIE", "69", discount="13.80", tax="4.55", rewriting=rewriting)]))
    assert nets(found) == ["1:55.20+4.55"]
    assert (found.lines[0].discount, found.lines[0].unit_price) == (D("13.80"), D("69"))
    assert (found.total, found.residual) == (D("59.75"), 0)


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_tax_inclusive_prices_give_the_compensated_tax_back(rewriting: str) -> None:
    tee = item(
        31, "TEE", "20", "2", tax="7.20", percent="20", discount="4.80", compensation="0.80",
        original_price=24, price_incl_tax=24, rewriting=rewriting,
    )  # fmt: skip
    found = read(order([tee], shipping_amount="5", shipping_tax_amount="1"))
    assert nets(found) == ["31:36.00+7.20", "shipping:5.00+1.00"]
    assert (found.total, found.residual, found.prices_include_tax) == (D("49.20"), 0, True)


def test_a_row_that_was_clamped_at_zero_is_read_from_its_price() -> None:
    free = item(1, "FREE", "40", discount="48", compensation="8")
    found = read(order([free, item(2, "PAID", "10")]))
    assert nets(found) == ["1:0.00+0", "2:10.00+0"]


def test_a_configurable_is_billed_once_though_its_child_shows_the_price() -> None:
    parent = item(16, "HOODIE-XS", "69", "2", tax="11.39", percent="8.25", kind="configurable")
    child = item(17, "HOODIE-XS", "69", "2", parent=16, money_on_parent=True, name="Hoodie-XS-Blue")
    found = read(order([parent, child], counted=[16]))
    assert nets(found) == ["16:138.00+11.39"]
    assert found.lines[0].description == "Hoodie-XS-Blue"


def test_a_dynamic_bundle_is_billed_by_its_children() -> None:
    parent = item(1, "KIT-A-B", "44", kind="bundle")
    children = [item(2, "A", "27", parent=1, tax="2.70"), item(3, "B", "17", parent=1, tax="1.70")]
    found = read(order([parent, *children], counted=[2, 3]))
    assert nets(found) == ["2:27.00+2.70", "3:17.00+1.70"]
    assert found.lines[0].description == "Part of Kit-A-B"


def test_a_fixed_bundle_is_billed_by_its_parent() -> None:
    parent = item(1, "KIT", "50", "2", tax="10", kind="bundle")
    children = [item(2, "A", "50", "2", parent=1, money_on_parent=True, name="Part A")]
    found = read(order([parent, *children], counted=[1]))
    assert nets(found) == ["1:100.00+10.00"]
    assert found.lines[0].description == "Part A"


def test_a_discount_on_shipping_comes_off_the_shipping() -> None:
    dress = item(1, "DRESS", "44", discount="44")
    found = read(order([dress], shipping_amount="5", shipping_discount_amount="5"))
    assert nets(found) == ["1:0.00+0", "shipping:0.00+0"]
    assert (found.total, found.discount_total) == (0, 49)


@pytest.mark.parametrize("within", [True, False])
def test_fixed_product_taxes_are_lines_with_their_own_names_and_tax(within: bool) -> None:
    parts = json.dumps([{"title": "WEEE", "row_amount": 3}, {"title": "Battery", "row_amount": 1.5}])
    radio = item(1, "RADIO", "100", tax="20", percent="20", fpt="4.50", weee_tax_applied=parts)
    found = read(order([radio], fpt_in_subtotal=within, extra_tax="0.90"))
    assert nets(found) == ["1:100.00+20.00", "fpt-1-1:3.00+0.60", "fpt-1-2:1.50+0.30"]
    assert [line.name for line in found.lines[1:]] == ["WEEE", "Battery"]
    assert (found.total, found.residual) == (D("125.40"), 0)


def test_gift_wrap_is_a_line_and_gift_cards_pay() -> None:
    extension = {
        "gw_price": "6.0000", "gw_tax_amount": "1.2000", "gift_cards_amount": 10,
        "customer_balance_amount": 5.5, "reward_currency_amount": "2.00",
    }  # fmt: skip
    found = read(order([item(1, "A", "30")], extra_tax="1.20", extension_attributes=extension))
    assert nets(found) == ["1:30.00+0", "gw_price:6.00+1.20"]
    assert [(tender.kind, tender.amount) for tender in found.tenders] == [
        ("gift_card", D("10.00")), ("store_credit", D("5.50")), ("reward_points", D("2.00")),
    ]  # fmt: skip
    assert (found.total, found.residual) == (D("37.20"), 0)


def test_two_rates_keep_their_names_and_add_up_to_the_cent() -> None:
    named = [{"title": "State", "percent": 6, "amount": 0.6}, {"title": "City", "percent": 2.25, "amount": 0.22}]
    extension = {"item_applied_taxes": [{"type": "product", "item_id": 1, "applied_taxes": named}]}
    found = read(order([item(1, "A", "10", tax="0.83", percent="8.25")], extension_attributes=extension))
    assert [(tax.name, tax.rate, tax.amount) for tax in found.lines[0].taxes] == [
        ("State", D(6), D("0.61")), ("City", D("2.25"), D("0.22")),
    ]  # fmt: skip


def test_a_tax_without_a_name_of_its_own_takes_the_orders_only_one() -> None:
    extension = {"applied_taxes": [{"code": "FR-20", "title": "VAT", "percent": 20, "amount": 3}]}
    made = order([item(1, "A", "10", tax="2", percent="20")], shipping_amount="5", shipping_tax_amount="1")
    found = read({**made, "extension_attributes": extension})
    assert {(tax.name, tax.rate) for line in found.lines for tax in line.taxes} == {("VAT", D(20))}
    nameless = read({**made, "extension_attributes": []})
    assert [(tax.name, tax.rate) for line in nameless.lines for tax in line.taxes] == [("Tax", D(20)), ("Tax", None)]


def test_sold_gift_cards_are_told_apart() -> None:
    assert read(order([item(1, "CARD", "50", kind="giftcard")])).lines[0].kind == "gift_card"


def test_cents_of_rounding_are_one_named_line() -> None:
    made = order([item(1, "A", "10"), item(2, "B", "10")])
    found = read({**made, "grand_total": D("20.0199")})
    assert (found.lines[-1].name, found.lines[-1].net, found.residual) == ("Rounding", D("0.02"), 0)


def test_what_nobody_can_explain_stays_visible() -> None:
    found = read({**order([item(1, "A", "10")]), "grand_total": D("12.50")})
    assert (found.total, found.residual, len(found.lines)) == (D("12.50"), D("2.50"), 1)


@pytest.mark.parametrize("kind", [int, float, str, Decimal])
def test_numbers_of_any_json_kind_are_read_alike(kind: type) -> None:
    made = order([item(1, "A", "40")])
    found = read({**made, "grand_total": kind("40"), "items": [{**made["items"][0], "row_total": kind("40")}]})
    assert (found.total, found.lines[0].net) == (D("40.00"), D("40.00"))


def test_a_float_is_read_as_its_text() -> None:
    assert read({**order([item(1, "A", "185.5")]), "grand_total": 185.4999}).total == D("185.50")


@st.composite
def bought(draw: st.DrawFn, id: int, rewriting: str) -> dict[str, object]:
    quantity = draw(st.integers(1, 9))
    price = draw(cents)
    full = price * quantity + draw(st.sampled_from([D(0), D("0.01"), D("0.02")]))
    rate = draw(st.sampled_from(["0", "8.25", "19", "20"]))
    inclusive = draw(st.booleans())
    share = draw(st.sampled_from([D(0), D("0.1"), D("0.3333"), D(1)]))
    before = (full * D(rate) / 100).quantize(D("0.01"))
    discount = ((full + (before if inclusive else 0)) * share).quantize(D("0.01"))
    tax = (before * (1 - share)).quantize(D("0.01"))
    return item(
        id, f"SKU-{id}", str(price), str(quantity), tax=str(tax), percent=rate, discount=str(discount),
        compensation=str(before - tax if inclusive else 0), fpt=str(draw(st.sampled_from([D(0), D("1.37")]))),
        row=str(full), rewriting=rewriting,
    )  # fmt: skip


@st.composite
def orders(draw: st.DrawFn) -> dict[str, object]:
    rewriting = draw(st.sampled_from(REWRITINGS))
    items = [draw(bought(id, rewriting)) for id in range(1, draw(st.integers(1, 5)) + 1)]
    shipping = draw(few_cents)
    extension = {name: draw(few_cents) for name in ("gift_cards_amount", "customer_balance_amount")}
    return order(
        items, shipping_amount=shipping, shipping_tax_amount=draw(few_cents) if shipping else 0,
        shipping_discount_amount=draw(st.sampled_from([D(0), shipping])), extension_attributes=extension,
        fpt_in_subtotal=draw(st.booleans()),
    )  # fmt: skip


@given(orders())
def test_the_lines_of_any_order_are_its_total(made: dict[str, object]) -> None:
    found = read(made)
    tendered = sum((tender.amount for tender in found.tenders), D(0))
    assert found.residual == 0
    assert found.lines_total == found.total == made["grand_total"] + tendered  # type: ignore[operator]


@given(orders())
def test_a_stored_answer_parses_as_the_fresh_one(made: dict[str, object]) -> None:
    stored = json.loads(json.dumps(raw(made), default=float))
    assert (
        order_from(stored).model_dump_json()
        == order_from(json.loads(json.dumps(stored), parse_float=Decimal)).model_dump_json()
    )
