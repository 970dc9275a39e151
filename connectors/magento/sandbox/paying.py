"""How an order is paid: its payment row, and the tenders that pay a part of it."""

from __future__ import annotations

from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.pricing import Sums
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

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


def payment_row(shop: Shop, basket: Basket, sums: Sums, base: Sums, order_id: int) -> Row:
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


def tender_columns(basket: Basket, sums: Sums, base: Sums) -> Row:
    if basket.tender is None:
        return {}
    name, base_name = TENDERS[basket.tender.kind]
    told: Row = {name: sums.tendered, base_name: base.tendered}
    if basket.tender.kind == "gift_card":
        told["gift_cards"] = [{"id": 1, "code": "GC-4711", "amount": sums.tendered, "base_amount": base.tendered}]
    if basket.tender.kind == "reward_points":
        told["reward_points_balance"] = int(sums.tendered * 10)
    return told
