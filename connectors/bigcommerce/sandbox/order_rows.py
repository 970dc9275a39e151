"""An order and its lines as V2 writes them: every amount as text with four places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sandbox.baskets import Basket
from connectors.bigcommerce.sandbox.catalogue import CURRENCY
from connectors.bigcommerce.sandbox.money import ZERO, four, written
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.pricing import Cost, PricedLine, Sums

RATES = {CURRENCY: "1.0000000000"}
NO_RATE = "0.7300000000"


def amounts(basket: Basket, sums: Sums) -> Row:
    """What changes with the basket. Fees stand inside the subtotal; its tax is that after discounts."""
    ex = sum((line.full.ex for line in sums.lines), ZERO) + sums.fee.ex
    inc = sum((line.full.inc for line in sums.lines), ZERO) + sums.fee.inc
    off = sum((line.after.tax for line in sums.lines), ZERO) + sums.fee.tax
    credit, certificate = tendered(basket, sums)
    return {
        "subtotal_ex_tax": written(ex),
        "subtotal_inc_tax": written(inc),
        "subtotal_tax": written(off),
        **_cost("shipping", sums.shipping),
        **_cost("handling", sums.handling),
        **_cost("wrapping", sums.wrapping),
        "total_ex_tax": written(sums.total - sums.tax),
        "total_inc_tax": written(sums.total),
        "total_tax": written(sums.tax),
        "items_total": sum(line.line.quantity for line in sums.lines),
        "discount_amount": written(sums.manual),
        "coupon_discount": written(sums.coupon + sums.shipping_coupon),
        "store_credit_amount": written(credit),
        "gift_certificate_amount": written(certificate),
    }


def tendered(basket: Basket, sums: Sums) -> tuple[Decimal, Decimal]:
    """Store credit first, then the gift certificate; neither pays more than is owed."""
    credit = sums.total if basket.credit is None else min(basket.credit, sums.total)
    left = sums.total - credit
    return credit, left if basket.certificate is None else min(basket.certificate, left)


def header(id: int, basket: Basket, date: str) -> Row:
    shown = basket.shown_currency or basket.currency
    return {
        "id": id,
        "customer_id": basket.buyer.id,
        "date_created": date,
        "is_tax_inclusive_pricing": basket.inclusive,
        "date_modified": date,
        "date_shipped": "",
        "items_shipped": 0,
        "payment_method": basket.method,
        "payment_provider_id": None,
        "payment_status": "",
        "refunded_amount": "0.0000",
        "order_is_digital": basket.digital,
        "ip_address": "203.0.113.10",
        "ip_address_v6": "",
        "geoip_country": basket.buyer.place.country,
        "geoip_country_iso2": basket.buyer.place.code,
        "currency_id": 1,
        "currency_code": shown,
        "currency_exchange_rate": RATES.get(shown, NO_RATE),
        "default_currency_id": 1,
        "default_currency_code": basket.currency,
        "staff_notes": "",
        "customer_message": "",
        "shipping_address_count": 0 if basket.digital else 1,
        "is_deleted": False,
        "ebay_order_id": "0",
        "cart_id": f"00000000-0000-4000-8000-{id:012d}",
        "billing_address": basket.buyer.in_order(),
        "is_email_opt_in": False,
        "credit_card_type": None,
        "order_source": "www",
        "channel_id": 1,
        "external_source": basket.source,
        "external_id": None,
        "external_merchant_id": None,
        "tax_provider_id": "BasicTaxProvider",
        "customer_locale": "en",
        "external_order_id": "",
        "store_default_currency_code": CURRENCY,
        "store_default_to_transactional_exchange_rate": RATES.get(basket.currency, NO_RATE),
    }


def product_row(order_id: int, id: int, priced: PricedLine, address_id: int, basket: Basket) -> Row:
    """`total_*` are before discounts, `total_tax` is after them; a unit price is rounded, and times the quantity it is
    not the line."""
    line, product = priced.line, priced.line.product
    unit = Cost(four(priced.full.ex / line.quantity), four(priced.full.inc / line.quantity))
    base = unit.inc if basket.inclusive else unit.ex
    return {
        **_product_head(order_id, id, product.name, product.sku, product.type, address_id),
        "product_id": product.id,
        "variant_id": product.id + 1000 if product.id else 0,
        "base_price": written(base),
        "price_ex_tax": written(unit.ex),
        "price_inc_tax": written(unit.inc),
        "price_tax": written(unit.inc - unit.ex),
        "base_total": written(base * line.quantity),
        "total_ex_tax": written(priced.full.ex),
        "total_inc_tax": written(priced.full.inc),
        "total_tax": written(priced.after.tax),
        "quantity": line.quantity,
        **_cost("wrapping", priced.wrapping),
        "wrapping_id": 1 if line.wrapping else 0,
        "wrapping_name": "Gift paper" if line.wrapping else "",
        "gift_certificate_id": id if product.type == "giftcertificate" else None,
        "applied_discounts": _discounts(priced.off, basket),
        "product_options": [_option(name, value, id) for name, value in product.options],
        "discounted_total_inc_tax": written(priced.after.inc),
    }


def part_row(order_id: int, id: int, name: str, parent: Row) -> Row:
    """Of a pick list: it goes along, and costs nothing."""
    nothing = {name: "0.0000" for name in parent if name.endswith(("_tax", "_price", "_total", "_cost"))}
    head = _product_head(order_id, id, name, name.upper(), "physical", parent["order_address_id"])
    return {
        **parent,
        **head,
        **nothing,
        "applied_discounts": [],
        "product_options": [],
        "is_bundled_product": True,
        "parent_order_product_id": parent["id"],
    }


def _product_head(order_id: int, id: int, name: str, sku: str, type: str, address_id: int) -> Row:
    return {
        "id": id,
        "order_id": order_id,
        "order_pickup_method_id": 0,
        "order_address_id": address_id if type == "physical" else 0,
        "name": name,
        "name_customer": name,
        "name_merchant": name,
        "sku": sku,
        "upc": "",
        "type": type,
        "is_refunded": False,
        "quantity_refunded": 0,
        "refund_amount": "0.0000",
        "return_id": 0,
        "wrapping_message": "",
        "quantity_shipped": 0,
        "parent_order_product_id": None,
        "is_bundled_product": False,
        "bin_picking_number": "",
        "external_id": None,
        "brand": "",
        "configurable_fields": [],
    }


def _discounts(off: Decimal, basket: Basket) -> list[Row]:
    if not off:
        return []
    code, manual = (basket.coupon[0], False) if basket.coupon else (None, True)
    id, name = ("manual-discount", "Manual Discount") if manual else ("coupon", code)
    return [{"id": id, "amount": written(off), "name": name, "code": code, "target": "order"}]


def _option(name: str, value: str, order_product_id: int) -> Row:
    return {
        "id": order_product_id,
        "option_id": 1,
        "order_product_id": order_product_id,
        "product_option_id": 1,
        "display_name": name,
        "display_value": value,
        "value": value,
        "type": "Multiple choice",
        "name": name,
        "display_style": "Pick list",
    }


def _cost(name: str, cost: Cost) -> dict[str, Any]:
    base = {
        f"base_{name}_cost": written(cost.ex),
        f"{name}_cost_ex_tax": written(cost.ex),
        f"{name}_cost_inc_tax": written(cost.inc),
        f"{name}_cost_tax": written(cost.tax),
    }
    return {**base, f"{name}_cost_tax_class_id": 2}
