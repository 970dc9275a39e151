"""A basket becomes an order: the row of the header, as the database holds it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.money import ZERO
from connectors.magento.sandbox.order_items import item_rows
from connectors.magento.sandbox.people import Buyer
from connectors.magento.sandbox.pricing import Sums, priced
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.magento.sandbox.tax import Share

METHODS = {
    "checkmo": "Check / Money order",
    "banktransfer": "Bank Transfer Payment",
    "cashondelivery": "Cash On Delivery",
    "purchaseorder": "Purchase Order",
    "free": "No Payment Information Required",
    "braintree": "Credit Card",
    "paypal_express": "PayPal Express Checkout",
}
ONLINE = frozenset({"braintree", "paypal_express"})
TENDERS = {
    "gift_card": ("gift_cards_amount", "base_gift_cards_amount"),
    "store_credit": ("customer_balance_amount", "base_customer_balance_amount"),
    "reward_points": ("reward_currency_amount", "base_reward_currency_amount"),
}


def place_order(shop: Shop, basket: Basket, edited: Row | None = None) -> Row:
    """A new, unpaid order; `edited` is the order that it replaces."""
    sums, base = priced(basket, basket.rate), priced(basket, Decimal(1))
    id = shop.orders.next_id()
    increment = _edit_increment(edited) if edited else shop.next_increment("order", basket.store.id)
    order = {
        **_identity(shop, basket, id, increment),
        **_buyer(basket.buyer),
        **_amounts(sums, ""),
        **_amounts(base, "base_"),
        **_currencies(basket),
        **(_relations(edited) if edited else {}),
        **({"coupon_code": basket.coupon.code, "discount_description": basket.coupon.code} if basket.coupon else {}),
        "items": item_rows(shop, id, basket, sums, base),
        "billing_address": _address(shop, basket.buyer, "billing", id),
        "payment": _payment(shop, basket, sums, base, id),
        "status_histories": [],
        "extension_attributes": _extension(shop, basket, sums, base, id),
    }
    order["billing_address_id"] = order["billing_address"]["entity_id"]
    order |= _counts(order["items"])
    label_taxes(order, basket, sums, base)
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


def _amounts(sums: Sums, base: str) -> Row:
    amnt = "amnt" if base else "amount"  # the base column's name is one letter too long for the database
    ship = sums.shipping
    amounts = {
        "subtotal": sums.subtotal,
        "subtotal_incl_tax": sums.subtotal_incl_tax,
        "discount_amount": -sums.discount,
        "discount_tax_compensation_amount": sums.compensation,
        "shipping_amount": ship.row_total,
        "shipping_discount_amount": ship.discount,
        f"shipping_discount_tax_compensation_{amnt}": ship.compensation,
        "shipping_incl_tax": ship.row_total_incl_tax,
        "shipping_tax_amount": ship.tax,
        "tax_amount": sums.tax,
        "grand_total": sums.grand_total,
        "total_due": sums.grand_total,
    }
    return {base + name: amount for name, amount in amounts.items()}


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


def _address(shop: Shop, buyer: Buyer, kind: str, order_id: int) -> Row:
    return {
        "address_type": kind,
        **buyer.place.in_order(),
        **({"company": buyer.company} if buyer.company else {}),
        **({"vat_id": buyer.vat} if buyer.vat else {}),
        "email": buyer.email,
        "entity_id": shop.next("address"),
        "firstname": buyer.first,
        "lastname": buyer.last,
        "parent_id": order_id,
        "telephone": buyer.phone,
    }


def _payment(shop: Shop, basket: Basket, sums: Sums, base: Sums, order_id: int) -> Row:
    purchase_order = {"po_number": basket.purchase_order} if basket.purchase_order else {}
    return {
        "account_status": None,
        "additional_information": [METHODS[basket.method]],
        "amount_ordered": sums.grand_total,
        "base_amount_ordered": base.grand_total,
        "base_shipping_amount": base.shipping.row_total,
        "cc_exp_year": "0",
        "cc_last4": "1111" if basket.method == "braintree" else None,
        "cc_ss_start_month": "0",
        "cc_ss_start_year": "0",
        "entity_id": shop.next("payment"),
        "method": basket.method,
        "parent_id": order_id,
        "shipping_amount": sums.shipping.row_total,
        **purchase_order,
    }


def _extension(shop: Shop, basket: Basket, sums: Sums, base: Sums, order_id: int) -> Row:
    return {
        **({} if basket.virtual else {"shipping_assignments": [_shipping(shop, basket, sums, base, order_id)]}),
        "payment_additional_info": [{"key": "method_title", "value": METHODS[basket.method]}],
        "converting_from_quote": True,
        **_tender(basket, sums, base),
    }


def _shipping(shop: Shop, basket: Basket, sums: Sums, base: Sums, order_id: int) -> Row:
    totals = {**_amounts(sums, ""), **_amounts(base, "base_")}
    return {
        "shipping": {
            "address": _address(shop, basket.buyer, "shipping", order_id),
            "method": "flatrate_flatrate",
            "total": {name: amount for name, amount in totals.items() if "shipping_" in name},
        },
        "items": [],
    }


def _tender(basket: Basket, sums: Sums, base: Sums) -> Row:
    if basket.tender is None:
        return {}
    name, base_name = TENDERS[basket.tender.kind]
    told: Row = {name: sums.tendered, base_name: base.tendered}
    if basket.tender.kind == "gift_card":
        told["gift_cards"] = [{"id": 1, "code": "GC-4711", "amount": sums.tendered, "base_amount": base.tendered}]
    if basket.tender.kind == "reward_points":
        told["reward_points_balance"] = int(sums.tendered * 10)
    return told


def label_taxes(order: Row, basket: Basket, sums: Sums, base: Sums) -> None:
    """`applied_taxes` for the order, `item_applied_taxes` for each row that has any, and for shipping."""
    extension = order["extension_attributes"]
    extension["applied_taxes"] = _merged(sums.shares(), base.shares())
    ids = _carrier_ids(order["items"], basket)
    products = [
        {"type": "product", "item_id": id, "applied_taxes": _merged(row.shares, base_row.shares)}
        for id, row, base_row in zip(ids, sums.rows, base.rows, strict=True)
        if row.shares
    ]
    shipping = {"type": "shipping", "applied_taxes": _merged(sums.shipping.shares, base.shipping.shares)}
    extension["item_applied_taxes"] = [*products, *([shipping] if sums.shipping.shares and sums.shipping.tax else [])]


def _carrier_ids(items: Sequence[Row], basket: Basket) -> list[int]:
    rows = iter(items)
    ids = []
    for line in basket.lines:
        parent, parts = next(rows), [next(rows) for _ in line.parts]
        ids += [row["item_id"] for row in (parts if line.split else [parent])]
    return ids


def _merged(shares: Sequence[Share], base: Sequence[Share]) -> list[Row]:
    """One entry for each rate."""
    entries: dict[str, Any] = {}
    for (rate, amount), (_, base_amount) in zip(shares, base, strict=True):
        entry = entries.setdefault(
            rate.code,
            {"code": rate.code, "title": rate.title, "percent": rate.percent, "amount": ZERO, "base_amount": ZERO},
        )
        entry["amount"] += amount
        entry["base_amount"] += base_amount
    return list(entries.values())


def _edit_increment(edited: Row) -> str:
    return f"{edited.get('original_increment_id') or edited['increment_id']}-{edited.get('edit_increment', 0) + 1}"


def _relations(edited: Row) -> Row:
    return {
        "original_increment_id": edited.get("original_increment_id") or edited["increment_id"],
        "edit_increment": edited.get("edit_increment", 0) + 1,
        "relation_parent_id": str(edited["entity_id"]),
        "relation_parent_real_id": edited["increment_id"],
    }
