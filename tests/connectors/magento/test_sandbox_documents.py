"""Invoices, credit memos and transactions through REST."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.magento.sandbox import sandbox
from connectors.magento.sandbox.counted import carriers
from tests.connectors.magento.calling import ask, got, listed


@pytest.fixture
def shop() -> sandbox:
    return sandbox()


def test_an_invoice_over_rest_answers_with_its_id_as_text_and_pays_the_order(shop: sandbox) -> None:
    order = shop.place({"kind": "unpaid"})
    id = ask(shop, "POST", f"order/{order['entity_id']}/invoice", {"capture": False}).body
    assert isinstance(id, str)
    invoice = got(shop, f"invoices/{id}")
    assert (invoice["state"], invoice["order_id"]) == (2, order["entity_id"])
    after = got(shop, f"orders/{order['entity_id']}")
    assert (after["state"], after["total_paid"], after["total_due"]) == ("processing", order["grand_total"], 0)


def test_nothing_is_invoiced_twice(shop: sandbox) -> None:
    order = shop.place({"kind": "simple"})
    reply = ask(shop, "POST", f"order/{order['entity_id']}/invoice", {})
    assert reply.status == 400
    assert reply.body["message"].startswith("Invoice Document Validation Error(s):\n")


def test_shipping_goes_onto_the_first_invoice_only(shop: sandbox) -> None:
    order = shop.place({"kind": "partial_capture", "seed": 2})
    first, second = listed(shop, "invoices", ("order_id", "eq", str(order["entity_id"])), sort="entity_id ASC")
    assert (first["shipping_amount"], second["shipping_amount"]) == (order["shipping_amount"], 0)


def test_rows_without_money_show_only_a_quantity(shop: sandbox) -> None:
    order = shop.place({"kind": "configurable", "seed": 2})
    (invoice,) = listed(shop, "invoices", ("order_id", "eq", str(order["entity_id"])))
    parent, child = invoice["items"][:2]
    assert parent["row_total"] > 0
    assert "row_total" not in child
    assert child["qty"] == parent["qty"]


def test_one_of_two_pieces_is_given_back_for_half_the_price(shop: sandbox) -> None:
    order = shop.place({"kind": "partial_capture", "seed": 3})
    item = carriers(order["items"])[0]
    invoice = listed(shop, "invoices", ("order_id", "eq", str(order["entity_id"])))[0]
    asked = {
        "items": [{"orderItemId": item["item_id"], "qty": 1}],
        "isOnline": True,
        "arguments": {"shippingAmount": 0},
    }
    id = ask(shop, "POST", f"invoice/{invoice['entity_id']}/refund", asked).body
    memo = got(shop, f"creditmemo/{id}")
    assert (memo["shipping_amount"], memo["invoice_id"]) == (0, invoice["entity_id"])
    share = Decimal(item["tax_amount"]) / Decimal(item["qty_ordered"])
    assert abs(Decimal(memo["tax_amount"]) - share) <= Decimal("0.005")
    assert got(shop, f"orders/{order['entity_id']}")["items"][0]["qty_refunded"] == 1


def test_money_that_came_online_is_not_given_back_offline(shop: sandbox) -> None:
    seeds = (shop.place({"kind": "simple", "seed": seed}) for seed in range(30))
    order = next(one for one in seeds if one["payment"]["method"] == "braintree")
    assert ask(shop, "POST", f"order/{order['entity_id']}/refund", {}).status == 400


def test_more_than_was_paid_is_not_given_back(shop: sandbox) -> None:
    order = shop.place({"kind": "shipped_unpaid"})
    assert ask(shop, "POST", f"order/{order['entity_id']}/refund", {}).status == 400
    shop.place({"capture": order["increment_id"]})
    too_much = {"arguments": {"adjustment_positive": 1}}
    assert ask(shop, "POST", f"order/{order['entity_id']}/refund", too_much).status == 400
    assert ask(shop, "POST", f"order/{order['entity_id']}/refund", {}).status == 200
    assert got(shop, f"orders/{order['entity_id']}")["state"] == "closed"


def test_a_canceled_credit_memo_stays_and_its_order_is_as_before(shop: sandbox) -> None:
    order = shop.place({"kind": "simple", "seed": 2})
    before = got(shop, f"orders/{order['entity_id']}")
    memo = shop.place({"refund": order["increment_id"]})
    assert ask(shop, "PUT", f"creditmemo/{memo['entity_id']}").body is True
    after = got(shop, f"orders/{order['entity_id']}")
    assert got(shop, f"creditmemo/{memo['entity_id']}")["state"] == 3
    assert (after["state"], after["total_refunded"]) == (before["state"], 0)
    assert ask(shop, "PUT", f"creditmemo/{memo['entity_id']}").status == 400
    again = shop.place({"refund": order["increment_id"]})
    assert (again["grand_total"], again["items"][0]["row_total"]) == (
        memo["grand_total"],
        memo["items"][0]["row_total"],
    )


@pytest.mark.parametrize("touches", [False, True])
def test_a_refund_need_not_move_its_order(shop: sandbox, touches: bool) -> None:
    shop.switch["creditmemo_touches_order"] = touches
    order = shop.place({"kind": "simple"})
    shop.switch["clock_skew"] = 600
    memo = shop.place({"refund": order["increment_id"]})
    after = got(shop, f"orders/{order['entity_id']}")
    assert (after["updated_at"] > order["updated_at"]) is touches
    assert memo["updated_at"] > order["updated_at"]


def test_an_online_payment_leaves_transactions_and_children_are_nested(shop: sandbox) -> None:
    order = shop.place({"kind": "authorised"})
    path = ("order_id", "eq", str(order["entity_id"]))
    (authorization,) = listed(shop, "transactions", path)
    assert authorization["txn_type"] == "authorization"
    assert "total_paid" not in order
    assert order["payment"]["amount_authorized"] == order["grand_total"]
    invoice = shop.place({"capture": order["increment_id"]})
    parent, child = listed(shop, "transactions", path, sort="transaction_id ASC")
    assert [one["transaction_id"] for one in parent["child_transactions"]] == [child["transaction_id"]]
    assert (child["txn_type"], child["parent_txn_id"], child["txn_id"]) == (
        "capture",
        parent["txn_id"],
        invoice["transaction_id"],
    )
    assert got(shop, f"transactions/{child['transaction_id']}")["child_transactions"] == []


def test_offline_payments_have_no_transactions(shop: sandbox) -> None:
    order = shop.place({"kind": "company"})
    assert listed(shop, "transactions", ("order_id", "eq", str(order["entity_id"]))) == []
    assert order["payment"]["po_number"].startswith("PO-")


@pytest.mark.parametrize(
    "path", ["orders/999", "invoices/999", "creditmemo/999", "transactions/999", "orders/999/comments"]
)
def test_what_is_missing_is_a_404(shop: sandbox, path: str) -> None:
    reply = ask(shop, "GET", path)
    assert reply.status == 404
    assert reply.body == {"message": "The entity that was requested doesn't exist. Verify the entity and try again."}


def test_an_edit_makes_a_new_order_and_cancels_the_old_one(shop: sandbox) -> None:
    old = shop.place({"kind": "unpaid", "seed": 8})
    new = shop.place({"edit": old["increment_id"]})
    newest = shop.place({"edit": new["increment_id"]})
    old = got(shop, f"orders/{old['entity_id']}")
    assert new["increment_id"] == f"{old['increment_id']}-1"
    assert newest["increment_id"] == f"{old['increment_id']}-2"
    assert (new["relation_parent_real_id"], new["original_increment_id"]) == (old["increment_id"], old["increment_id"])
    assert (old["state"], old["relation_child_real_id"]) == ("canceled", new["increment_id"])
    assert old["total_due"] == old["grand_total"]


def test_a_tender_lowers_the_grand_total_and_the_capture(shop: sandbox) -> None:
    order = shop.place({"kind": "gift_card", "seed": 2})
    (invoice,) = listed(shop, "invoices", ("order_id", "eq", str(order["entity_id"])))
    assert invoice["grand_total"] == order["grand_total"] == order["total_paid"]
    assert order["extension_attributes"]["gift_cards_amount"] == 20


def test_a_part_shows_its_parent_and_a_configurables_part_its_price(shop: sandbox) -> None:
    order = shop.place({"kind": "configurable", "seed": 5})
    parent, child = order["items"][:2]
    assert child["parent_item"]["item_id"] == parent["item_id"] == child["parent_item_id"]
    assert (child["price"], child["base_price"], child["row_total"]) == (parent["price"], 0, 0)
    assert parent["sku"] == child["sku"]
    repeated = order["extension_attributes"]["shipping_assignments"][0]["items"]
    assert [item["item_id"] for item in repeated] == [item["item_id"] for item in order["items"]]


def test_a_bundle_priced_by_its_parts_shows_their_sum(shop: sandbox) -> None:
    order = shop.place({"kind": "dynamic_bundle", "seed": 5})
    parent, *rest = order["items"]
    parts = [item for item in rest if item.get("parent_item_id") == parent["item_id"]]
    shop.switch["row_total"] = "raw"
    raw = got(shop, f"orders/{order['entity_id']}")["items"]
    assert raw[0]["row_total"] == sum(item["row_total"] for item in raw[1 : 1 + len(parts)])
    assert "discount_tax_compensation_amount" not in parent
    assert parent["sku"] == "-".join(["YOGA-KIT", *(part["sku"] for part in parts)])


def test_a_virtual_order_has_no_shipping_address(shop: sandbox) -> None:
    order = shop.place({"kind": "virtual"})
    assert (order["is_virtual"], order["state"]) == (1, "complete")
    assert "shipping_assignments" not in order["extension_attributes"]
