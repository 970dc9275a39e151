"""A basket becomes an order: the row of the header, as the database holds it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.magento.sandbox.applied_taxes import tax_columns
from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.delivering import address, shipping_assignment
from connectors.magento.sandbox.money import ZERO
from connectors.magento.sandbox.order_amounts import header_amounts
from connectors.magento.sandbox.order_items import item_rows
from connectors.magento.sandbox.paying import METHODS, payment_row, tender_columns
from connectors.magento.sandbox.people import Buyer
from connectors.magento.sandbox.pricing import Sums, priced
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row


def place_order(shop: Shop, basket: Basket, edited: Row | None = None) -> Row:
    """A new, unpaid order; `edited` is the order that it replaces."""
    sums, base = priced(basket, basket.rate), priced(basket, Decimal(1))
    id = shop.orders.next_id()
    increment = _edit_increment(edited) if edited else shop.next_increment("order", basket.store.id)
    items = item_rows(shop, id, basket, sums, base)
    billing = address(shop, basket.buyer, "billing", id)
    order = {
        **_identity(shop, basket, id, increment),
        **_buyer(basket.buyer),
        **header_amounts(sums, ""),
        **header_amounts(base, "base_"),
        **_currencies(basket),
        **_counts(items),
        **(_relations(edited) if edited else {}),
        **({"coupon_code": basket.coupon.code, "discount_description": basket.coupon.code} if basket.coupon else {}),
        "items": items,
        "billing_address": billing,
        "billing_address_id": billing["entity_id"],
        "payment": payment_row(shop, basket, sums, base, id),
        "status_histories": [],
        "extension_attributes": _extension(shop, basket, sums, base, id, items),
    }
    shop.baskets[id] = basket
    shop.save(shop.orders, order)
    shop.announce("order", order)
    return order


def _identity(shop: Shop, basket: Basket, id: int, increment: str) -> Row:
    shipped = {} if basket.virtual else {"shipping_description": "Flat Rate - Fixed"}
    return {
        "entity_id": id,
        "increment_id": increment,
        "state": "new",
        "status": "pending",
        "created_at": shop.clock.stamp(),
        "store_id": basket.store.id,
        "store_name": basket.store.full_name,
        "quote_id": shop.next("quote"),
        "protect_code": f"{id:032x}",
        "remote_ip": "192.0.2.7",
        "is_virtual": int(basket.virtual),
        **shipped,
    }


def _buyer(buyer: Buyer) -> Row:
    names = {"customer_firstname": buyer.first, "customer_lastname": buyer.last} if buyer.named else {}
    account = {"customer_id": buyer.id} if buyer.id is not None else {}
    vat = {"customer_taxvat": buyer.vat} if buyer.vat else {}
    return {
        "customer_email": buyer.email,
        "customer_group_id": 0 if buyer.id is None else 1,
        "customer_is_guest": int(buyer.id is None),
        "customer_note_notify": 1,
        **account,
        **names,
        **vat,
    }


def _currencies(basket: Basket) -> Row:
    base = basket.store.currency
    return {
        "base_currency_code": base,
        "global_currency_code": "USD",
        "order_currency_code": basket.currency,
        "store_currency_code": base,
        "base_to_global_rate": 1,
        "base_to_order_rate": basket.rate,
        "store_to_base_rate": 0,
        "store_to_order_rate": 0,
    }


def _counts(items: Sequence[Row]) -> Row:
    top = [item for item in items if "parent_item_id" not in item]
    return {
        "total_item_count": len(top),
        "total_qty_ordered": sum((item["qty_ordered"] for item in top), ZERO),
        "weight": sum((item["row_weight"] for item in top), ZERO),
    }


def _extension(shop: Shop, basket: Basket, sums: Sums, base: Sums, order_id: int, items: Sequence[Row]) -> Row:
    shipped = [] if basket.virtual else [shipping_assignment(shop, basket, sums, base, order_id)]
    return {
        **({"shipping_assignments": shipped} if shipped else {}),
        "payment_additional_info": [{"key": "method_title", "value": METHODS[basket.method]}],
        **tax_columns(items, basket, sums, base),
        "converting_from_quote": True,
        **tender_columns(basket, sums, base),
    }


def _edit_increment(edited: Row) -> str:
    return f"{edited.get('original_increment_id') or edited['increment_id']}-{edited.get('edit_increment', 0) + 1}"


def _relations(edited: Row) -> Row:
    return {
        "original_increment_id": edited.get("original_increment_id") or edited["increment_id"],
        "edit_increment": edited.get("edit_increment", 0) + 1,
        "relation_parent_id": str(edited["entity_id"]),
        "relation_parent_real_id": edited["increment_id"],
    }
