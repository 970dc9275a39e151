"""An order is placed, or placed anew with another basket: the same rows, other sums."""

from __future__ import annotations

from connectors.bigcommerce.sandbox.baskets import Basket
from connectors.bigcommerce.sandbox.clock import rfc2822
from connectors.bigcommerce.sandbox.money import number, written
from connectors.bigcommerce.sandbox.order_rows import amounts, header, part_row, product_row
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.pricing import Cost, Sums, priced
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.bigcommerce.sandbox.statuses import STATUSES


def place_order(shop: Shop, basket: Basket, status: int) -> Row:
    id, sums = shop.next("order"), priced(basket)
    name = STATUSES[status]
    head = {"status_id": status, "status": name, "custom_status": name}
    order = {**header(id, basket, rfc2822(shop.clock.now())), **head, **amounts(basket, sums)}
    shop.baskets[id] = basket
    _fill(shop, order, basket, sums, [])
    if basket.b2b:
        shop.of("metafields", order).append(_invoice_payment(shop, id, order["date_created"]))
    shop.add(order)
    return order


def amend_order(shop: Shop, order: Row, basket: Basket) -> None:
    """As staff does in the control panel. Raises KeyError for an order that was not made here."""
    known = [row["id"] for row in shop.of("products", order) if not row["is_bundled_product"]]
    sums = priced(basket)
    order |= amounts(basket, sums)
    shop.baskets[order["id"]] = basket
    _fill(shop, order, basket, sums, known)
    shop.touch(order)


def _fill(shop: Shop, order: Row, basket: Basket, sums: Sums, known: list[int]) -> None:
    """What belongs to the order; lines keep the ids that they had."""
    id = order["id"]
    address = shop.of("shipping_addresses", order)[:1] or _address(shop, order, basket)
    address_id = address[0]["id"] if address else 0
    ids = [*known[: len(sums.lines)], *(shop.next("product") for _ in sums.lines[len(known) :])]
    products = []
    for line_id, line in zip(ids, sums.lines, strict=True):
        row = product_row(id, line_id, line, address_id, basket)
        parts = [part_row(id, shop.next("product"), name, row) for name in line.line.product.parts]
        products += [row, *parts]
    shop.parts["products"][id] = products
    shop.parts["shipping_addresses"][id] = [{**one, **_charge(sums.shipping)} for one in address]
    shop.parts["taxes"][id] = _taxes(shop, id, ids, sums, address_id)
    shop.parts["coupons"][id] = _coupons(shop, id, basket, sums)
    shop.parts["fees"][id] = _fees(shop, sums.fee)


def _address(shop: Shop, order: Row, basket: Basket) -> list[Row]:
    """A digital order has none."""
    if basket.digital:
        return []
    return [
        {
            "id": shop.next("address"),
            "order_id": order["id"],
            **basket.buyer.in_order(),
            "items_total": order["items_total"],
            "items_shipped": 0,
            "shipping_method": "Flat Rate",
            "base_handling_cost": "0.0000",
            "handling_cost_ex_tax": "0.0000",
            "handling_cost_inc_tax": "0.0000",
            "handling_cost_tax": "0.0000",
            "handling_cost_tax_class_id": 2,
            "shipping_zone_id": 1,
            "shipping_zone_name": basket.buyer.place.country,
        }
    ]


def _charge(cost: Cost) -> Row:
    return {
        "base_cost": written(cost.ex),
        "cost_ex_tax": written(cost.ex),
        "cost_inc_tax": written(cost.inc),
        "cost_tax": written(cost.tax),
        "cost_tax_class_id": 2,
    }


def _taxes(shop: Shop, id: int, line_ids: list[int], sums: Sums, address_id: int) -> list[Row]:
    """With details: one row for each rate of each amount. An order product's id is text here."""
    items = [("item", str(line_id), line.after) for line_id, line in zip(line_ids, sums.lines, strict=True)]
    amounts: list[tuple[str, str | None, Cost]] = [
        *items,
        ("shipping", None, sums.shipping),
        ("gift-wrapping", None, sums.wrapping),
    ]
    return [
        {
            "id": shop.next("tax"),
            "order_id": id,
            "order_address_id": address_id,
            "tax_rate_id": 1,
            "sales_tax_id": "",
            "tax_class_id": 0,
            "name": rate.name,
            "class": "Default Tax Class",
            "rate": written(rate.percent),
            "priority": 1,
            "priority_amount": written(amount),
            "line_amount": written(amount),
            "order_pickup_method_id": 0,
            "order_product_id": product_id,
            "line_item_type": kind,
        }
        for kind, product_id, cost in amounts
        for rate, amount in cost.taxes
    ]


def _coupons(shop: Shop, id: int, basket: Basket, sums: Sums) -> list[Row]:
    used = []
    if basket.coupon:
        used.append((basket.coupon[0], 1, number(basket.coupon[1]), sums.coupon))
    if basket.free_shipping:
        used.append((basket.free_shipping, 4, 0, sums.shipping_coupon))
    return [
        {
            "id": shop.next("coupon"),
            "coupon_id": 1,
            "order_id": id,
            "code": code,
            "amount": amount,
            "type": kind,
            "discount": number(discount),
        }
        for code, kind, amount, discount in used
    ]


def _fees(shop: Shop, fee: Cost) -> list[Row]:
    if not fee.inc:
        return []
    return [
        {
            "id": shop.next("fee"),
            "type": "custom_fee",
            "display_name_customer": "Eco fee",
            "display_name_merchant": "Eco fee",
            "source": "AA",
            "base_cost": written(fee.ex),
            "cost_ex_tax": written(fee.ex),
            "cost_inc_tax": written(fee.inc),
            "cost_tax": written(fee.tax),
            "tax_class_id": 0,
        }
    ]


def _invoice_payment(shop: Shop, order_id: int, date: str) -> Row:
    return {
        "id": shop.next("metafield"),
        "permission_set": "read_and_sf_access",
        "namespace": "b2bPortal",
        "key": "orderType",
        "value": "invoice payment",
        "description": "",
        "resource_type": "order",
        "resource_id": order_id,
        "date_created": date,
        "date_modified": date,
    }
