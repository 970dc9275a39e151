"""An order's amounts as lines: they add up to the cent in every way in which sites state their sums, or it is said that
they do not."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.clarity.lines import Running
from connectors.clarity.sandbox import pricing
from connectors.clarity.sandbox.baskets import Basket, CartLine
from connectors.clarity.sandbox.catalogue import ADA, Product
from connectors.documents import Order
from connectors.errors import Rejected
from tests.connectors.clarity.sites import built

ORDER: dict[str, Any] = {
    "id": "o1", "orderNumber": "S1", "status": "processing", "currency": "USD", "orderDate": "2026-03-01T10:00:00Z",
    "customerEmail": "ada@example.com", "discountTotal": "0.00", "taxTotal": "1.60", "shippingTotal": "5.00", "total": "26.60",
    "lineItems": [
        {"id": "l1", "sku": "W", "name": "Widget", "quantity": "2", "unitPrice": "10.00", "taxAmount": "1.60", "total": "20.00"}
    ],
}  # fmt: skip


def parsed(order: dict[str, Any], *payments: dict[str, Any], **settings: Any) -> Order:
    orders = built(**settings).resource("order")
    found = orders.parse(orders.assemble({"order": copy.deepcopy(order), "payments": list(payments)}))
    assert isinstance(found, Order)
    return found


def paid(**more: Any) -> dict[str, Any]:
    return {
        "id": "p1",
        "orderId": "o1",
        "status": "captured",
        "amount": "26.60",
        "capturedAt": "2026-03-01T11:00:00Z",
        **more,
    }


amounts = st.decimals("0.01", "999.99", places=2)
lines = st.builds(
    lambda price, quantity, rate, off: CartLine(Product("p", "P-1", "Part", price, rate), quantity, off),
    amounts,
    st.integers(1, 9).map(Decimal),
    st.sampled_from([Decimal(0), Decimal("8.25"), Decimal(19)]),
    st.sampled_from([Decimal(0), Decimal(10), Decimal("33.3")]),
)
carts = st.builds(
    Basket,
    buyer=st.just(ADA),
    lines=st.lists(lines, min_size=1, max_size=5).map(tuple),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
    shipping=st.sampled_from([Decimal(0), Decimal("5.00"), Decimal(12)]),
    tax_on_shipping=st.sampled_from([Decimal(0), Decimal("8.25")]),
    handling=st.sampled_from([Decimal(0), Decimal(2)]),
    fee=st.sampled_from([Decimal(0), Decimal(1)]),
    tax_on_lines=st.booleans(),
)


@given(basket=carts, off=st.integers(0, 100))
@settings(max_examples=150, deadline=None)
def test_whatever_is_sold_adds_up_to_the_smallest_unit(basket: Basket, off: int) -> None:
    """`off` is the percentage of all lines that is taken off the order as a whole."""
    whole = pricing.amounts(basket)
    net = sum(line["total"] for line in whole["lineItems"])
    basket = Basket(**{**vars(basket), "off_all": pricing.rounded(net * off / 100, basket.currency)})
    whole = pricing.amounts(basket)
    order = parsed({**ORDER, **whole, "currency": basket.currency})
    assert order.residual == 0 and order.lines_total == order.total == whole["total"]
    assert order.tax_total == whole["taxTotal"]
    assert order.discount_total == whole["discountTotal"]


def test_a_line_keeps_what_its_site_says() -> None:
    [widget, shipping] = parsed(ORDER).lines
    assert (widget.net, widget.tax, widget.quantity, widget.unit_price) == (20, Decimal("1.60"), 2, 10)
    assert (shipping.kind, shipping.net, shipping.tax) == ("shipping", 5, 0)


@pytest.mark.parametrize("total", ["21.60", None])
def test_a_line_total_may_hold_its_tax_or_be_missing(total: str | None) -> None:
    order = {**ORDER, "lineItems": [{**ORDER["lineItems"][0], "total": total}]}
    assert parsed(order).lines[0].net == 20 and parsed(order).residual == 0


def test_where_amounts_include_tax_it_is_taken_out_of_them() -> None:
    line = {**ORDER["lineItems"][0], "unitPrice": "10.80", "total": "21.60"}
    order = parsed({**ORDER, "lineItems": [line]}, prices_include_tax="on")
    assert order.lines[0].net == 20 and order.residual == 0 and order.prices_include_tax


def test_a_discount_on_the_whole_is_spread_over_the_products_and_named() -> None:
    second = {"id": "l2", "name": "Gadget", "quantity": 1, "unitPrice": 10, "taxAmount": 0, "total": 10}
    order = parsed(
        {
            **ORDER,
            "lineItems": [*ORDER["lineItems"], second],
            "discountTotal": "1.00",
            "total": "35.60",
            "couponCodes": ["X1"],
        }
    )
    assert [(line.net, line.discount) for line in order.lines[:2]] == [
        (Decimal("19.33"), Decimal("0.67")),
        (Decimal("9.67"), Decimal("0.33")),
    ]
    assert order.discount_names == ("X1",) and order.residual == 0


@pytest.mark.parametrize(
    ("changes", "residual"),
    [
        ({"total": "26.61"}, "0.01"),
        ({"total": "26.59"}, "-0.01"),
        ({"total": "26.62"}, "0.02"),
        ({"total": "20"}, "-6.60"),
    ],
)
def test_more_than_a_cent_that_nothing_explains_is_doubtful(changes: dict[str, str], residual: str) -> None:
    order = parsed({**ORDER, **changes})
    assert order.residual == Decimal(residual)
    assert (order.doubt is not None) == (abs(order.residual) > Decimal("0.01"))
    if order.doubt:
        assert order.doubt.reason == "does_not_add_up" and residual in order.doubt.message


def lines_of_four_places(tax: str, price: str, **more: str) -> list[dict[str, Any]]:
    return [{"id": f"l{n}", "quantity": 1, "unitPrice": price, "taxAmount": tax, **more} for n in range(10)]


@pytest.mark.parametrize(
    ("lines", "tax", "total", "settings"),
    [
        (lines_of_four_places("0.1250", "1.50", total="1.50"), "1.25", "16.25", {}),
        (lines_of_four_places("0.1250", "1.50", total="1.50"), "1.30", "16.30", {}),
        (lines_of_four_places("0", "1.125", total="1.125"), "0", "11.25", {}),
        (lines_of_four_places("0", "1.125"), "0", "11.30", {}),
        (lines_of_four_places("0.1250", "1.625", total="1.625"), "1.25", "16.25", {"prices_include_tax": "on"}),
    ],
    ids=["tax of the whole", "tax of each", "net of the whole", "net of each", "with tax in it"],
)  # fmt: skip
def test_amounts_of_four_places_are_rounded_as_the_site_rounds_them(
    lines: list[dict[str, Any]], tax: str, total: str, settings: Any
) -> None:
    order = parsed({**ORDER, "lineItems": lines, "shippingTotal": "0", "taxTotal": tax, "total": total}, **settings)
    assert (order.residual, order.doubt, order.tax_total) == (0, None, Decimal(tax))
    assert all(line.net == round(line.net, 2) and line.tax == round(line.tax, 2) for line in order.lines)


@given(
    parts=st.lists(st.decimals("0", "99.9999", places=4), min_size=1, max_size=12),
    currency=st.sampled_from(["USD", "JPY"]),
)
def test_what_is_rounded_together_comes_to_the_rounded_sum(parts: list[Decimal], currency: str) -> None:
    running = Running(currency)
    shares = [running(part) for part in parts]
    unit = Decimal("0.01") if currency == "USD" else Decimal(1)
    assert sum(shares) == pricing.rounded(sum(parts, Decimal(0)), currency)
    assert all(abs(share - part) <= unit and share % unit == 0 for share, part in zip(shares, parts, strict=True))


def test_a_surcharge_that_the_orders_fee_covers_is_no_line_whether_all_is_paid_or_a_part() -> None:
    order = {**ORDER, "feeTotal": "1.50", "total": "28.10"}
    part = paid(amount="14.05", surchargeAmount="0.75")
    for payments in ((part,), (part, {**part, "id": "p2"})):
        found = parsed(order, *payments)
        assert (found.total, found.residual) == (Decimal("28.10"), 0)


def test_an_order_that_is_not_accepted_yet_may_be_unfinished() -> None:
    assert parsed({**ORDER, "status": "pending", "total": "1.00"}).doubt is None


@pytest.mark.parametrize(
    ("payment", "settings", "total", "captured"),
    [
        (paid(), {}, "26.60", "26.60"),
        (paid(amount="27.40", surchargeAmount="0.80"), {}, "27.40", "27.40"),
        (paid(surchargeAmount="0.80"), {"surcharge": "on_top"}, "27.40", "27.40"),
        (paid(surchargeAmount="0.80"), {}, "26.60", "26.60"),
        (paid(amount="10.80", surchargeAmount="0.80"), {}, "27.40", "10.80"),
        (paid(amount="27.90", surchargeAmount="0.80", feeAmount="0.50"), {}, "27.90", "27.90"),
        (paid(feeAmount="0.77"), {}, "26.60", "26.60"),
    ],
    ids=["none", "in the amount", "on top", "in the total already", "of a part", "with a fee", "the gateway's own fee"],
)  # fmt: skip
def test_invoice_and_payment_are_both_right(payment: Any, settings: Any, total: str, captured: str) -> None:
    order = parsed(ORDER, payment, **settings)
    assert (order.total, order.captured, order.residual) == (Decimal(total), Decimal(captured), 0)
    assert order.lines_total == order.total


@pytest.mark.parametrize("status", ["authorized", "voided", "failed", "Authorised"])
def test_money_that_was_not_taken_is_no_payment(status: str) -> None:
    assert parsed(ORDER, paid(status=status)).payments == ()


def test_the_same_capture_listed_twice_is_one_and_two_portions_are_two() -> None:
    twice = parsed(ORDER, paid(transactionId="t1"), paid(id="p2", transactionId="t1"))
    assert [payment.id for payment in twice.payments] == ["p1"]
    portions = parsed(ORDER, paid(transactionId="t1", amount="20.00"), paid(id="p2", transactionId="t1", amount="6.60"))
    assert [payment.amount for payment in portions.payments] == [20, Decimal("6.60")]


@pytest.mark.parametrize("status", ["authorized", "failed", "voided"])
@pytest.mark.parametrize("first", [True, False])
def test_a_capture_counts_beside_what_bears_its_transaction_and_took_nothing(status: str, first: bool) -> None:
    other, capture = paid(id="p0", status=status, transactionId="t1"), paid(transactionId="t1")
    order = parsed(ORDER, *((other, capture) if first else (capture, other)))
    assert [(payment.id, payment.amount) for payment in order.payments] == [("p1", Decimal("26.60"))]
    assert order.doubt is None


@pytest.mark.parametrize("swapped", [False, True])
def test_which_of_two_rows_is_the_capture_hangs_on_nothing_that_changes(swapped: bool) -> None:
    told = paid(transactionId="t1", amount="26.600", status="partially_refunded", refundedAmount="5.00")
    silent = paid(id="p2", transactionId="t1")
    order = parsed(ORDER, *((silent, told) if swapped else (told, silent)))
    assert [payment.id for payment in order.payments] == ["p1"]
    later = parsed(ORDER, *((told | {"id": "p2"}, silent | {"id": "p1"})))
    assert [payment.id for payment in later.payments] == ["p1"]
    for one in (order, later):
        assert [(refund.id, refund.total) for refund in one.refunds] == [("refund-p1", Decimal("5.00"))]
        assert one.refunded == 5


def test_a_status_that_nobody_explained_is_asked_about_beside_its_capture() -> None:
    order = parsed(ORDER, paid(transactionId="t1"), paid(id="p2", transactionId="t1", status="Charged back"))
    assert order.doubt and order.doubt.value == "Charged back"


def test_another_orders_payment_is_left_alone() -> None:
    assert parsed(ORDER, paid(orderId="o2")).payments == ()


def test_a_payment_in_another_currency_is_refused() -> None:
    with pytest.raises(Rejected, match="is in EUR, but its order in USD"):
        parsed(ORDER, paid(currency="EUR"))


def test_a_payment_is_dated_when_it_was_captured_in_the_sites_zone() -> None:
    late = paid(capturedAt="2026-03-02T05:30:00Z")
    assert parsed(ORDER, late, timezone="America/Chicago").payments[0].date.isoformat() == "2026-03-01"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("total", None, ("order S1 has no total", "“total”", "order.total")),
        ("total", "a lot", ("'a lot' as total", "19.90")),
        ("orderDate", None, ("no orderDate", "order.orderDate")),
        ("orderDate", "yesterday", ("'yesterday' as orderDate", "2026-02-17")),
        ("orderDate", 1772323205, ("Dates that are numbers",)),
        ("currency", "US dollars", ("'US dollars' as currency", "USD")),
        ("lineItems", [{"quantity": "two"}], ("'two' as quantity", "lineItem.quantity")),
    ],
)
def test_what_cannot_be_read_is_named_with_its_value_and_the_setting(
    field: str, value: Any, said: tuple[str, ...]
) -> None:
    with pytest.raises(Rejected) as refused:
        parsed({**ORDER, field: value})
    assert all(part in str(refused.value) for part in said), refused.value
    assert refused.value.field


def test_zero_and_three_places_are_the_currencys_own() -> None:
    yen = {**ORDER, "currency": "JPY", "lineItems": [], "shippingTotal": "1200", "taxTotal": "0", "total": "1200.0"}
    assert str(parsed(yen).total) == "1200"
    dinar = {**ORDER, "currency": "KWD", "lineItems": [], "shippingTotal": "1.005", "taxTotal": None, "total": 1.005}
    assert str(parsed(dinar).total) == "1.005"
