"""What can become of an order after it was placed: the steps of a life."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from connectors.magento.sandbox import progress
from connectors.magento.sandbox.amending import amended
from connectors.magento.sandbox.baskets import fewer
from connectors.magento.sandbox.counted import carriers
from connectors.magento.sandbox.document_header import CANCELED
from connectors.magento.sandbox.invoicing import invoice_order, record_transaction
from connectors.magento.sandbox.paying import ONLINE
from connectors.magento.sandbox.placing import place_order
from connectors.magento.sandbox.refunding import refund_order
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

Step = Callable[[Shop, Row], Row]
"""Takes an order's newest row; returns what it made or changed."""


def capture(shop: Shop, order: Row) -> Row:
    return invoice_order(shop, order)


def capture_some(shop: Shop, order: Row) -> Row:
    """One piece of the first row."""
    return invoice_order(shop, order, [{"order_item_id": carriers(order["items"])[0]["item_id"], "qty": 1}])


def authorize(shop: Shop, order: Row) -> Row:
    """The money is reserved, not taken."""
    for base in ("", "base_"):
        order["payment"][f"{base}amount_authorized"] = order[f"{base}grand_total"]
    order["payment"]["last_trans_id"] = record_transaction(shop, order, "authorization")["txn_id"]
    progress.enter(order, "processing")
    return _changed(shop, order)


def await_payment(shop: Shop, order: Row) -> Row:
    progress.enter(order, "pending_payment")
    return _changed(shop, order)


def ship(shop: Shop, order: Row) -> Row:
    progress.ship(order)
    return _changed(shop, order)


def hold(shop: Shop, order: Row) -> Row:
    progress.hold(order)
    return _changed(shop, order)


def unhold(shop: Shop, order: Row) -> Row:
    progress.unhold(order)
    return _changed(shop, order)


def cancel(shop: Shop, order: Row) -> Row:
    shop.before_cancel[order["entity_id"]] = copy.deepcopy(order)
    progress.cancel(order)
    return _changed(shop, order)


def revive(shop: Shop, order: Row) -> Row:
    """As it was before it was canceled, which extensions can do. Raises KeyError for one that was not."""
    return _changed(shop, copy.deepcopy(shop.before_cancel[order["entity_id"]]))


def edit(shop: Shop, order: Row) -> Row:
    """An admin's edit: a new order with the same number and a suffix; the old one is canceled.

    Raises KeyError for an order that was not made here."""
    new = place_order(shop, fewer(shop.baskets[order["entity_id"]]), edited=order)
    progress.cancel(order)
    order |= {"relation_child_id": str(new["entity_id"]), "relation_child_real_id": new["increment_id"]}
    order["edit_increment"] = new["edit_increment"]
    _changed(shop, order)
    return new


def amend(shop: Shop, order: Row) -> Row:
    return _changed(shop, amended(shop, order))


def refund(shop: Shop, order: Row) -> Row:
    return give_back(shop, order, {})


def refund_some(shop: Shop, order: Row) -> Row:
    """One piece of the first row, without shipping."""
    piece = {"order_item_id": carriers(order["items"])[0]["item_id"], "qty": 1}
    return give_back(shop, order, {"items": [piece], "arguments": {"shipping_amount": 0}})


def refund_adjustment(shop: Shop, order: Row) -> Row:
    """Money only: no item, no shipping, no tax."""
    arguments = {"shipping_amount": 0, "adjustment_positive": Decimal("4.75")}
    return give_back(shop, order, {"items": _no_items(order), "arguments": arguments})


def refund_shipping(shop: Shop, order: Row) -> Row:
    return give_back(shop, order, {"items": _no_items(order)})


def refund_with_fee(shop: Shop, order: Row) -> Row:
    """One piece of the first row; the shop keeps something for its trouble."""
    piece = {"order_item_id": carriers(order["items"])[0]["item_id"], "qty": 1}
    arguments = {"shipping_amount": 0, "adjustment_negative": Decimal("0.50")}
    return give_back(shop, order, {"items": [piece], "arguments": arguments})


def refund_too_much(shop: Shop, order: Row) -> Row:
    """All that was paid, whatever went back before."""
    arguments = {"shipping_amount": 0, "adjustment_positive": order["grand_total"]}
    return give_back(shop, order, {"items": _no_items(order), "arguments": arguments}, limited=False)


def close_as_refunded(shop: Shop, order: Row) -> Row:
    """The money went back past the shop, which only notes that it did: no credit memo."""
    for base in ("", "base_"):
        order[f"{base}total_refunded"] = order[f"{base}total_paid"]
    progress.enter(order, "closed")
    return _changed(shop, order)


def say_paid(shop: Shop, order: Row, amount: Decimal) -> Row:
    """A module took money past the shop's invoices."""
    order["total_paid"], order["base_total_paid"] = amount, amount / Decimal(order["base_to_order_rate"])
    progress.enter(order, "processing")
    return _changed(shop, order)


def void(shop: Shop, order: Row) -> Row:
    """The order's newest invoice is canceled. Raises ValueError where it has none."""
    newest = max(shop.invoices.newest("order_id", order["entity_id"]), key=lambda invoice: invoice["entity_id"])
    invoice = shop.save(shop.invoices, {**newest, "state": CANCELED})
    for base in ("", "base_"):
        progress.add(order, f"{base}total_paid", -invoice[f"{base}grand_total"])
    return _changed(shop, order)


def _no_items(order: Row) -> list[Row]:
    return [{"order_item_id": item["item_id"], "qty": 0} for item in carriers(order["items"])]


def give_back(shop: Shop, order: Row, asked: Mapping[str, Any], *, limited: bool = True) -> Row:
    """As the merchant would: online where the money came online."""
    invoices = shop.invoices.newest("order_id", order["entity_id"])
    online = order["payment"]["method"] in ONLINE
    return refund_order(shop, order, asked, invoice=invoices[0] if invoices else None, online=online, limited=limited)


def _changed(shop: Shop, order: Row) -> Row:
    shop.save(shop.orders, order)
    shop.announce("order", order)
    return order


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        capture, capture_some, authorize, await_payment, ship, hold, unhold, cancel, revive, edit, amend,
        refund, refund_some, refund_adjustment, refund_shipping, refund_with_fee, refund_too_much, close_as_refunded,
        void,
    )
}  # fmt: skip
