"""Lines that add up: every way in which the documentation lets a discount, a fee or a coupon for shipping show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.connectors.bigcommerce.rows import line, off, order, parsed

D = Decimal


def test_an_order_without_tax_in_its_prices() -> None:
    """The sheet's own order 1042: 8 % tax, 10 % coupon, taxed shipping, store credit."""
    head = order(
        "64.5300",
        "4.7800",
        coupon_discount="5.7500",
        shipping_cost_ex_tax="8.0000",
        shipping_cost_inc_tax="8.6400",
        shipping_cost_tax="0.6400",
        store_credit_amount="10.0000",
    )
    mug = line(2210, "37.5000", "40.5000", tax="2.7000", after="36.4500", quantity=3, applied_discounts=[off("3.7500")])
    tee = line(2211, "20.0000", "21.6000", tax="1.4400", after="19.4400", applied_discounts=[off("2.0000")])
    found = parsed(head, mug, tee)
    assert [(one.kind, one.net, one.tax, one.discount) for one in found.lines] == [
        ("product", D("33.75"), D("2.70"), D("3.75")),
        ("product", D("18.00"), D("1.44"), D("2.00")),
        ("shipping", D("8.00"), D("0.64"), 0),
    ]
    assert (found.total, found.residual, found.currency) == (D("64.53"), 0, "USD")
    assert [(one.kind, one.amount) for one in found.tenders] == [("store_credit", 10)]


@pytest.mark.parametrize("after", [None, "36.4500"])
@pytest.mark.parametrize("inclusive", [True, False, None])
def test_older_answers_say_less_and_add_up_all_the_same(after: str | None, inclusive: bool | None) -> None:
    """Neither the total after discounts nor the kind of prices was always there."""
    head = order("36.4500", "2.7000", coupon_discount="3.7500")
    if inclusive is None:
        del head["is_tax_inclusive_pricing"]
    else:
        head["is_tax_inclusive_pricing"] = inclusive
    found = parsed(head, line(1, "37.5000", "40.5000", tax="2.7000", after=after, applied_discounts=[off("3.7500")]))
    assert (found.residual, found.lines[0].net, found.tax_total) == (0, D("33.75"), D("2.70"))


def test_a_discount_on_prices_with_tax_comes_off_the_gross() -> None:
    head = order("90.0000", "15.0000", is_tax_inclusive_pricing=True, discount_amount="10.0000")
    found = parsed(head, line(1, "83.3333", "100.0000", tax="15.0000", applied_discounts=[off("10.0000")]))
    assert (found.lines[0].net, found.lines[0].discount, found.residual) == (D("75.00"), D("8.33"), 0)


@pytest.mark.parametrize("inclusive", [True, False])
def test_a_discount_that_no_line_tells_is_spread_by_price(inclusive: bool) -> None:
    head = order("54.0000", "0", is_tax_inclusive_pricing=inclusive, discount_amount="5.0000", coupon_discount="1.0000")
    found = parsed(head, line(1, "40.0000", "40.0000"), line(2, "20.0000", "20.0000"))
    assert ([one.net for one in found.lines], found.residual) == ([D("36.00"), D("18.00")], 0)


def test_a_cent_for_each_line_is_rounding_and_has_a_line_of_its_own() -> None:
    found = parsed(order("19.9900"), line(1, "10.0000", "10.0000"), line(2, "10.0049", "10.0049"))
    assert [(one.name, one.net) for one in found.lines][-1] == ("Rounding", D("-0.01"))
    assert (found.lines_total, found.residual) == (D("19.99"), 0)


def test_more_than_a_cent_for_each_line_is_left_for_a_person() -> None:
    found = parsed(order("25.0000"), line(1, "10.0000", "10.0000"), line(2, "10.0000", "10.0000"))
    assert found.residual == 5 and len(found.lines) == 2


def test_an_order_whose_lines_are_not_there_is_no_guess() -> None:
    assert parsed(order("25.0000")).residual == 25


@pytest.mark.parametrize(("total", "lines"), [("13.0000", 2), ("10.0000", 1)])
def test_a_fee_counts_unless_the_subtotal_holds_it_already(total: str, lines: int) -> None:
    fee = {"id": 4, "display_name_customer": "Eco fee", "cost_exc_tax": "3.0000", "cost_tax": "0.0000"}
    found = parsed(order(total), line(1, "10.0000", "10.0000"), fees=[fee])
    assert (found.residual, len(found.lines)) == (0, lines)
    assert [(one.id, one.name, one.net) for one in found.lines[1:]] == [("fee-4", "Eco fee", 3)][: lines - 1]


@pytest.mark.parametrize("total", ["18.0000", "10.0000"])
def test_free_shipping_shows_as_a_cost_of_nothing_or_as_a_coupon(total: str) -> None:
    coupons = [{"id": 1, "code": "SHIPFREE", "type": 4, "discount": "8.0000"}]
    cost = {"shipping_cost_inc_tax": "8.0000", "shipping_cost_ex_tax": "8.0000", "coupon_discount": "8.0000"}
    found = parsed(order(total, **cost), line(1, "10.0000", "10.0000"), coupons=coupons)
    assert (found.residual, found.lines[-1].net) == (0, D(total) - 10)


def test_each_address_has_its_own_shipping() -> None:
    cost = {"shipping_cost_inc_tax": "8.0000", "shipping_cost_ex_tax": "8.0000"}
    addresses = [
        {"id": 5, "shipping_method": "UPS", "cost_inc_tax": "5.0000", "cost_tax": "0.0000"},
        {"id": 6, "shipping_method": "None", "cost_inc_tax": "3.0000", "cost_tax": "0.0000"},
    ]
    found = parsed(order("18.0000", **cost), line(1, "10.0000", "10.0000"), shipping_addresses=addresses)
    assert [(one.id, one.name, one.net) for one in found.lines[1:]] == [
        ("shipping-5", "UPS", 5),
        ("shipping-6", "Shipping", 3),
    ]
    assert found.shipping_method == "UPS"


def test_parts_of_a_bundle_cost_nothing_and_are_no_lines() -> None:
    part = line(2, "0.0000", "0.0000", is_bundled_product=True, parent_order_product_id=1)
    assert [one.id for one in parsed(order("10.0000"), line(1, "10.0000", "10.0000"), part).lines] == ["1"]


def test_a_sold_gift_certificate_is_no_revenue() -> None:
    found = parsed(order("50.0000"), line(1, "50.0000", "50.0000", type="giftcertificate"))
    assert found.lines[0].kind == "gift_card"


def test_two_taxes_on_a_line_keep_their_names_and_rates() -> None:
    taxes = [
        {"name": "GST", "rate": "5.0000", "line_amount": "5.0000", "line_item_type": "item", "order_product_id": "1"},
        {"name": "PST", "rate": "7.0000", "line_amount": "7.0000", "line_item_type": "item", "order_product_id": "1"},
        {
            "name": "VAT",
            "rate": "9.0000",
            "line_amount": "9.0000",
            "line_item_type": "shipping",
            "order_product_id": None,
        },
    ]
    found = parsed(order("112.0000", "12.0000"), line(1, "100.0000", "112.0000"), taxes=taxes)
    assert [(one.name, one.rate, one.amount) for one in found.lines[0].taxes] == [("GST", 5, 5), ("PST", 7, 7)]


@pytest.mark.parametrize(
    ("lines", "total", "tax"), [(2, "2.2500", "0.2500"), (10, "11.2500", "1.2500"), (1, "1.1300", "0.1300")]
)
def test_taxes_in_parts_of_a_cent_come_to_the_orders_tax(lines: int, total: str, tax: str) -> None:
    found = parsed(order(total, tax), *(line(id, "1.0000", "1.1250") for id in range(1, lines + 1)))
    assert (found.tax_total, found.lines_total, len(found.lines)) == (D(tax), D(total), lines)
    assert {one.net for one in found.lines} == {1}


def test_each_address_has_the_taxes_of_its_own_place() -> None:
    cost = {"shipping_cost_inc_tax": "15.7000", "shipping_cost_ex_tax": "15.0000", "shipping_cost_tax": "0.7000"}
    addresses = [
        {"id": 1, "cost_inc_tax": "10.5000", "cost_tax": "0.5000"},
        {"id": 2, "cost_inc_tax": "5.2000", "cost_tax": "0.2000"},
    ]
    taxes = [
        {"name": name, "rate": rate, "line_amount": amount, "line_item_type": "shipping", "order_address_id": address}
        for name, rate, amount, address in (("CA", "5.0000", "0.5000", 1), ("NY", "4.0000", "0.2000", 2))
    ]
    found = parsed(order("15.7000", "0.7000", **cost), shipping_addresses=addresses, taxes=taxes)
    assert [[(tax.name, tax.amount) for tax in one.taxes] for one in found.lines] == [
        [("CA", D("0.50"))],
        [("NY", D("0.20"))],
    ]


def test_a_tax_that_nobody_names_is_a_tax_all_the_same() -> None:
    found = parsed(order("112.0000", "12.0000"), line(1, "100.0000", "112.0000"))
    assert [(one.name, one.rate, one.amount) for one in found.lines[0].taxes] == [("Tax", None, 12)]


@pytest.mark.parametrize("total", ["100.0000", "70.0000"])
def test_tenders_pay_whether_or_not_the_total_was_lowered_by_them(total: str) -> None:
    """The sheet has it that the total is before them; no capture shows it, so the lines decide."""
    found = parsed(order(total, gift_certificate_amount="30.0000"), line(1, "100.0000", "100.0000"))
    assert (found.total, found.residual, found.tendered) == (100, 0, 30)


def test_options_are_told_in_words() -> None:
    chosen = [{"display_name": "Size", "display_value": "M"}, {"display_name": "", "display_value": "Red"}]
    found = parsed(order("10.0000"), line(1, "10.0000", "10.0000", product_options=chosen))
    assert found.lines[0].description == "Size: M, Red"
