"""A refund's lines: what its items, its order and its own tax explain to the cent, and what nothing explains."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import Order, Refund
from tests.connectors.clarity.sites import built
from tests.connectors.clarity.test_money import ORDER, paid, parsed

WIDGET: dict[str, Any] = {
    "id": "l1", "sku": "W", "name": "Widget", "quantity": 1, "unitPrice": "10.00", "taxAmount": "0.80", "total": "10.00",
}  # fmt: skip


def refunded(amount: str, *items: dict[str, Any], **more: Any) -> Refund:
    order = {**ORDER, "handlingTotal": "2.00", "total": "28.60"}
    row = {"id": "r1", "orderId": "o1", "amount": amount, "refundedAt": "2026-03-02T10:00:00Z", "lineItems": [*items]}
    orders = built().resource("order")
    pieces = {"order": order, "payments": [paid(amount="28.60")], "refunds": [{**row, **more}]}
    [found] = orders.parse(orders.assemble(pieces)).refunds
    assert isinstance(found, Refund)
    return found


def booked(refund: Refund) -> list[tuple[str, Decimal, Decimal]]:
    return [(line.id, line.net, line.tax) for line in refund.lines]


def test_items_that_come_to_the_amount_are_its_lines() -> None:
    refund = refunded("10.80", WIDGET)
    assert booked(refund) == [("l1", Decimal(10), Decimal("0.80"))] and refund.residual == 0


def test_shipping_that_went_back_beside_the_items_is_known_by_its_sum() -> None:
    assert booked(refunded("15.80", WIDGET))[1:] == [("shippingTotal", Decimal(5), Decimal(0))]
    everything = refunded("17.80", WIDGET)
    assert [line.id for line in everything.lines] == ["l1", "shippingTotal", "handlingTotal"]
    assert everything.residual == 0 == everything.total - everything.lines_total


def test_shipping_that_the_refund_states_itself_is_a_line() -> None:
    refund = refunded("13.05", WIDGET, shippingTotal="2.00", shippingTaxTotal="0.25")
    assert booked(refund)[1:] == [("shippingTotal", Decimal(2), Decimal("0.25"))] and refund.residual == 0


def test_tax_that_no_item_bears_goes_back_as_tax() -> None:
    refund = refunded("10.80", {**WIDGET, "taxAmount": None}, taxAmount="0.80")
    assert (refund.lines_total, refund.residual) == (refund.total, 0)
    assert sum(line.tax for line in refund.lines) == Decimal("0.80")


def test_a_cent_for_each_line_is_rounding_and_more_is_not_explained() -> None:
    assert refunded("10.81", WIDGET).residual == 0
    assert refunded("10.82", WIDGET).residual == Decimal("0.02")
    assert refunded("9.80", WIDGET).residual == -1


def test_an_amount_without_items_is_no_riddle() -> None:
    assert (booked(refunded("4.75")), refunded("4.75").residual) == ([], 0)
    assert booked(refunded("4.75", taxAmount="0.35")) == [("amount", Decimal("4.40"), Decimal("0.35"))]
    named_only = refunded("4.75", {"id": "l1", "sku": "W", "quantity": 1})
    assert (named_only.lines, named_only.residual) == ((), 0)


def test_all_of_an_order_gives_back_its_lines() -> None:
    refund = refunded("28.60")
    assert [line.id for line in refund.lines] == ["l1", "shippingTotal", "handlingTotal"] and refund.residual == 0


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_refund_that_did_not_happen_is_none(status: str) -> None:
    with pytest.raises(ValueError, match="not enough values"):
        refunded("10.80", WIDGET, status=status)


def order_of(*refunds: dict[str, Any], payment: dict[str, Any] | None = None, **settings: Any) -> Order:
    orders = built(**settings).resource("order")
    pieces = {"order": {**ORDER, "refunds": list(refunds)}, "payments": [payment or paid()]}
    found = orders.parse(orders.assemble(pieces))
    assert isinstance(found, Order)
    return found


def row(**more: Any) -> dict[str, Any]:
    return {"id": "r1", "amount": "5.00", "refundedAt": "2026-03-02T10:00:00Z", **more}


def test_a_word_for_a_refund_that_nobody_explained_is_asked_about() -> None:
    doubt = order_of(row(status="Issued")).doubt
    assert doubt and (doubt.reason, doubt.field, doubt.value) == (
        "unknown_refund_status",
        "refund_status_map",
        "Issued",
    )


@pytest.mark.parametrize(("meant", "refunds"), [("completed", [(5, False)]), ("pending", [(5, True)]), ("failed", [])])
def test_an_explained_word_says_whether_the_money_went_back(meant: str, refunds: list[tuple[int, bool]]) -> None:
    order = order_of(row(status="Issued"), refund_status_map={"Issued": meant})
    assert order.doubt is None and [(refund.total, refund.pending) for refund in order.refunds] == refunds


def test_a_refund_within_its_order_need_not_say_whose_it_is() -> None:
    assert [refund.total for refund in order_of(row()).refunds] == [5]
    assert [refund.total for refund in order_of(row(paymentId="p1")).refunds] == [5]
    assert order_of(row(orderId="o2"), row(id="r2", paymentId="p9")).refunds == ()


def test_a_part_that_went_back_without_a_sum_is_asked_about() -> None:
    part = paid(status="partially_refunded")
    doubt = parsed(ORDER, part).doubt
    assert doubt and (doubt.reason, doubt.field) == ("refund_amount_unknown", "payment.refundedAmount")
    assert parsed(ORDER, {**part, "refundedAmount": "2.00"}).doubt is None
    assert order_of(row(), payment=part).doubt is None
    portions = ({**part, "amount": "20.00"}, paid(id="p2", amount="6.60", status="refunded"))
    assert parsed(ORDER, *portions).doubt == doubt


def test_all_that_was_paid_goes_back_with_the_surcharge_on_top_of_it() -> None:
    order = parsed(ORDER, paid(status="refunded", surchargeAmount="0.80"), surcharge="on_top")
    assert order.captured == order.refunded == order.refunds[0].total == Decimal("27.40")
