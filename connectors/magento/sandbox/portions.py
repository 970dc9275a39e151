"""Which part of an order an invoice or a credit memo takes: by quantity, the remainder with the last piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connectors.magento.sandbox.counted import carriers, raw_row_total, raw_row_total_incl_tax
from connectors.magento.sandbox.money import ZERO, cents
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

AMOUNTS = (
    "row_total",
    "row_total_incl_tax",
    "tax_amount",
    "discount_amount",
    "discount_tax_compensation_amount",
)
FEES = {"": "weee_tax_applied_row_amount", "base_": "base_weee_tax_applied_row_amnt"}
Taken = Mapping[int, Decimal]
"""Quantity by order item: of rows that carry money."""


def wanted_quantities(order: Row, asked: Iterable[Row], left: Taken) -> dict[int, Decimal]:
    """What the caller asked for, in rows that carry money; nothing asked for = all that is left."""
    asked_for = {int(row.get("order_item_id") or row["orderItemId"]): Decimal(str(row["qty"])) for row in asked}
    if not asked_for:
        return {id: quantity for id, quantity in left.items() if quantity > 0}
    taken = {}
    for item in carriers(order["items"]):
        parent = next((row for row in order["items"] if row["item_id"] == item.get("parent_item_id")), None)
        if item["item_id"] in asked_for:
            taken[item["item_id"]] = asked_for[item["item_id"]]
        elif parent and parent["item_id"] in asked_for:
            share = asked_for[parent["item_id"]] / Decimal(parent["qty_ordered"])
            taken[item["item_id"]] = Decimal(item["qty_ordered"]) * share
    return {id: quantity for id, quantity in taken.items() if quantity > 0}


def exceeds(taken: Taken, left: Taken) -> bool:
    return any(quantity > left.get(id, ZERO) for id, quantity in taken.items())


def document_rows(shop: Shop, order: Row, taken: Taken, earlier: list[Row], name: str) -> list[Row]:
    """The rows of a document that takes these quantities after `earlier` rows of the same kind. Rows without money
    of their own follow with their quantity only."""
    rows = []
    for item in order["items"]:
        before = [row for row in earlier if row["order_item_id"] == item["item_id"]]
        head = {
            "entity_id": shop.next(f"{name}_item"),
            "order_item_id": item["item_id"],
            "product_id": item.get("product_id"),
            "sku": item["sku"],
            "name": item["name"],
        }
        if item["item_id"] in taken:
            rows.append(head | _portion(order, item, taken[item["item_id"]], before))
        elif quantity := _silent_quantity(order, item, taken):
            rows.append(head | {"qty": quantity})
    return rows


def _portion(order: Row, item: Row, quantity: Decimal, before: list[Row]) -> Row:
    ordered = Decimal(item["qty_ordered"])
    last = quantity + sum((row["qty"] for row in before), ZERO) >= ordered
    whole = _whole(order, item)
    prices = {
        f"{base}{name}": item.get(f"{base}{name}") or ZERO
        for base in ("", "base_")
        for name in ("price", "price_incl_tax")
    }
    amounts = {
        name: amount - sum((row.get(name) or ZERO for row in before), ZERO)
        if last
        else cents(amount * quantity / ordered)
        for name, amount in whole.items()
    }
    return {"qty": quantity, **prices, **amounts}


def _whole(order: Row, item: Row) -> dict[str, Decimal]:
    whole = {f"{base}{name}": Decimal(item.get(f"{base}{name}") or ZERO) for base in ("", "base_") for name in AMOUNTS}
    for base in ("", "base_"):
        whole[f"{base}row_total"] = raw_row_total(order, item, base)
        whole[f"{base}row_total_incl_tax"] = raw_row_total_incl_tax(order, item, base)
        if fee := item.get(FEES[base]):
            whole[FEES[base]] = fee
    return whole


def _silent_quantity(order: Row, item: Row, taken: Taken) -> Decimal:
    """A part of a carried parent goes with it, a parent of carried parts with them."""
    kin = [
        row
        for row in order["items"]
        if row["item_id"] in taken
        and (row.get("parent_item_id") == item["item_id"] or row["item_id"] == item.get("parent_item_id"))
    ]
    if not kin:
        return ZERO
    return taken[kin[0]["item_id"]] * Decimal(item["qty_ordered"]) / Decimal(kin[0]["qty_ordered"])


def summed(rows: list[Row], shipping: Row, base: str) -> Row:
    """The header's amounts of one currency set, without the grand total. The document's compensation includes that of
    its shipping, which the order's does not."""

    def over(name: str) -> Decimal:
        return sum((row.get(base + name) or ZERO for row in rows), ZERO)

    amnt = "amnt" if base else "amount"
    return {
        f"{base}subtotal": over("row_total"),
        f"{base}subtotal_incl_tax": over("row_total_incl_tax"),
        f"{base}discount_amount": -over("discount_amount") - shipping["discount"],
        f"{base}discount_tax_compensation_amount": over("discount_tax_compensation_amount") + shipping["compensation"],
        f"{base}shipping_amount": shipping["amount"],
        f"{base}shipping_incl_tax": shipping["incl_tax"],
        f"{base}shipping_tax_amount": shipping["tax"],
        f"{base}shipping_discount_tax_compensation_{amnt}": shipping["compensation"],
        f"{base}tax_amount": over("tax_amount") + shipping["tax"],
    }


def total_of(rows: list[Row], header: Row, base: str) -> Decimal:
    fees = sum((row.get(FEES[base]) or ZERO for row in rows), ZERO)
    names = ("subtotal", "discount_amount", "discount_tax_compensation_amount", "shipping_amount", "tax_amount")
    return Decimal(sum((header[base + name] for name in names), ZERO) + fees)


def shipping_part(order: Row, share: Decimal, base: str) -> Row:
    """`share` of the order's shipping (0 to 1) in one currency set."""
    amnt = "amnt" if base else "amount"
    names = {
        "amount": "shipping_amount",
        "discount": "shipping_discount_amount",
        "compensation": f"shipping_discount_tax_compensation_{amnt}",
        "incl_tax": "shipping_incl_tax",
        "tax": "shipping_tax_amount",
    }
    return {name: cents(Decimal(order.get(base + column) or ZERO) * share) for name, column in names.items()}
