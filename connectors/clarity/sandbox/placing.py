"""A basket becomes an order, pending until somebody has paid or approved it."""

from __future__ import annotations

from connectors.clarity.sandbox.baskets import Basket
from connectors.clarity.sandbox.paying import payment_status
from connectors.clarity.sandbox.pricing import amounts
from connectors.clarity.sandbox.shop import FIRST_ORDER, Shop, address
from connectors.clarity.sandbox.tables import Row


def place_order(shop: Shop, basket: Basket) -> Row:
    number = FIRST_ORDER - 1 + shop.next("order")
    order = {
        "id": f"ord_{number}",
        "orderNumber": f"SO-{number}",
        "status": "pending",
        "paymentStatus": "unpaid",
        "currency": basket.currency,
        "orderDate": shop.clock.stamp(),
        "updatedAt": shop.clock.stamp(),
        "customerId": basket.buyer.id or None,
        "customerEmail": basket.buyer.email or None,
        "billingAddress": address(basket.buyer),
        "shippingAddress": address(basket.buyer) if basket.shipping else {},
        **amounts(basket),
        "couponCodes": [basket.coupon] if basket.coupon else [],
        "purchaseOrderNumber": basket.purchase_order or None,
        "paymentMethod": basket.method,
        "notes": None,
        "externalIds": {},
    }
    shop.baskets[order["id"]] = basket
    shop.know(basket.buyer)
    shop.save(shop.orders, order)
    shop.announce("order.created", order)
    return order


def amend(shop: Shop, order: Row, basket: Basket) -> Row:
    """The same order with other contents: what was paid may not be all of it any more."""
    shop.baskets[order["id"]] = basket
    order = {**order, **amounts(basket)}
    return shop.save(shop.orders, {**order, "paymentStatus": payment_status(shop, order)})
