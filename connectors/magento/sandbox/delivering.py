"""Where an order goes: its addresses and its shipping assignment. A virtual order has none."""

from __future__ import annotations

from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.order_amounts import header_amounts
from connectors.magento.sandbox.people import Buyer
from connectors.magento.sandbox.pricing import Sums
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row


def address(shop: Shop, buyer: Buyer, kind: str, order_id: int) -> Row:
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


def shipping_assignment(shop: Shop, basket: Basket, sums: Sums, base: Sums, order_id: int) -> Row:
    totals = {**header_amounts(sums, ""), **header_amounts(base, "base_")}
    return {
        "shipping": {
            "address": address(shop, basket.buyer, "shipping", order_id),
            "method": "flatrate_flatrate",
            "total": {name: amount for name, amount in totals.items() if "shipping_" in name},
        },
        "items": [],
    }
