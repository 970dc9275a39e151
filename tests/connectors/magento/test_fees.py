"""Fees of modules: believed where their name says so and they close the sum, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.documents import Order
from connectors.errors import Rejected
from connectors.magento.sale import order_from
from tests.connectors.magento.documents_of_a_shop import D, item, order, raw


def read(total: str, *, tax: str = "", extension: dict[str, Any] | None = None, **fields: Any) -> Order:
    made = order([item(1, "A", "10", tax="2", percent="20")])
    header = {"tax_amount": D(tax)} if tax else {}
    return order_from(
        raw({**made, **fields, **header, "grand_total": D(total), "extension_attributes": extension or {}})
    )


def fees(found: Order) -> list[tuple[str, str, str]]:
    return [(line.name, str(line.net), str(line.tax)) for line in found.lines if line.kind == "fee"]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("cod_fee", "Cash on delivery fee"),
        ("msp_cashondelivery", "Msp cash on delivery"),
        ("payment_surcharge_amount", "Payment surcharge"),
        ("tip_amount", "Tip"),
        ("donation", "Donation"),
    ],
)
def test_a_fee_that_closes_the_sum_is_a_line_under_its_name(field: str, name: str) -> None:
    for found in (read("15.50", **{field: 3.5}), read("15.50", extension={field: "3.5000"})):
        assert fees(found) == [(name, "3.50", "0")]
        assert (found.total, found.residual) == (D("15.50"), 0)


def test_several_fees_that_close_the_sum_together_are_lines_of_their_own() -> None:
    found = read("16.50", cod_fee=3.5, tip=1, base_cod_fee=3.5, cod_fee_refunded=3.5, handling_label="For you")
    assert fees(found) == [("Cash on delivery fee", "3.50", "0"), ("Tip", "1.00", "0")]


def test_a_fee_bears_the_tax_that_is_stated_beside_it_or_left_in_the_header() -> None:
    assert fees(read("16.20", cod_fee=3.5, cod_fee_tax=0.7)) == [("Cash on delivery fee", "3.50", "0.70")]
    assert fees(read("16.20", tax="2.70", cod_fee=3.5)) == [("Cash on delivery fee", "3.50", "0.70")]


@pytest.mark.parametrize("fields", [{"cod_fee": 3}, {"something": 3.5}, {"cod_fee_invoiced": 3.5}, {}])
def test_what_does_not_close_the_sum_stays_unexplained(fields: dict[str, Any]) -> None:
    found = read("15.50", **fields)
    assert (fees(found), found.residual) == ([], D("3.50"))


def test_an_order_that_adds_up_without_it_has_no_fee() -> None:
    assert fees(read("12.00", insurance=4)) == []


@pytest.mark.parametrize("where", ["invoices", "creditmemos"])
def test_a_document_in_another_currency_than_its_order_is_refused(where: str) -> None:
    made = raw(order([item(1, "A", "10")]))
    document = {"entity_id": 7, "state": 2, "grand_total": 10, "created_at": "2026-03-01 10:00:00", "items": []}
    made = {**made, where: [{**document, "order_currency_code": "XTS"}]}
    with pytest.raises(Rejected, match="is in XTS, but its order in") as refused:
        order_from(made)
    assert (refused.value.field, refused.value.value) == ("order_currency_code", "XTS")
