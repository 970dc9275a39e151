"""How an order moves on: its progress columns and its state machine."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from connectors.magento.sandbox.counted import carriers, raw_row_total
from connectors.magento.sandbox.money import ZERO, cents
from connectors.magento.sandbox.tables import Row

DEFAULT_STATUS = {
    "new": "pending",
    "pending_payment": "pending_payment",
    "payment_review": "payment_review",
    "processing": "processing",
    "complete": "complete",
    "closed": "closed",
    "canceled": "canceled",
    "holded": "holded",
}
STATUSES = {state: {status} for state, status in DEFAULT_STATUS.items()} | {
    "processing": {"processing", "fraud"},
    "payment_review": {"payment_review", "fraud"},
}


def enter(order: Row, state: str) -> None:
    """A new state resets the status to the state's own: a custom status is lost."""
    order["state"], order["status"] = state, DEFAULT_STATUS[state]


def add(row: Row, name: str, amount: Decimal) -> None:
    row[name] = (row.get(name) or ZERO) + amount


def book_rows(order: Row, rows: list[Row], quantity: str, columns: Mapping[str, str]) -> None:
    """Rows of a document, counted on the order's items: `columns` says which amount goes where."""
    by_item = {row["order_item_id"]: row for row in rows}
    for item in order["items"]:
        if row := by_item.get(item["item_id"]):
            add(item, quantity, row["qty"])
            for base in ("", "base_"):
                for column, name in columns.items():
                    if base + name in row:
                        add(item, base + column, row[base + name])


def left(item: Row, *done: str) -> Decimal:
    return Decimal(item["qty_ordered"]) - sum((Decimal(item.get(name) or ZERO) for name in done), ZERO)


def to_invoice(order: Row) -> dict[int, Decimal]:
    return {item["item_id"]: left(item, "qty_invoiced", "qty_canceled") for item in carriers(order["items"])}


def to_refund(order: Row) -> dict[int, Decimal]:
    return {
        item["item_id"]: Decimal(item.get("qty_invoiced") or ZERO) - Decimal(item.get("qty_refunded") or ZERO)
        for item in carriers(order["items"])
    }


def can_invoice(order: Row) -> bool:
    return order["state"] in ("new", "processing", "complete") and any(
        quantity > 0 for quantity in to_invoice(order).values()
    )


def can_cancel(order: Row) -> bool:
    return order["state"] in ("new", "pending_payment", "processing") and any(q > 0 for q in to_invoice(order).values())


def can_hold(order: Row) -> bool:
    return order["state"] in ("new", "processing")


def is_held(order: Row) -> bool:
    return bool(order["state"] == "holded")


def can_refund(order: Row) -> bool:
    return (order.get("total_paid") or ZERO) - (order.get("total_refunded") or ZERO) > 0


def _can_ship(order: Row) -> bool:
    done = ("qty_shipped", "qty_refunded", "qty_canceled")
    return any(not item.get("is_virtual") and left(item, *done) > 0 for item in carriers(order["items"]))


def settle(order: Row) -> None:
    """Where the order stands after a document: new, processing, complete or closed. No history row is written."""
    for base in ("", "base_"):
        due = Decimal(order[f"{base}grand_total"] or ZERO) - Decimal(order.get(f"{base}total_paid") or ZERO)
        order[f"{base}total_due"] = max(cents(due), ZERO)
    if any(quantity > 0 for quantity in to_invoice(order).values()):
        return enter(order, "processing") if order["state"] == "new" else None
    refunded = (order.get("total_refunded") or ZERO) > 0 and not can_refund(order)
    if refunded and not _can_ship(order) and not order.get("is_virtual"):
        enter(order, "closed")
    elif not _can_ship(order) and order["state"] != "closed":
        enter(order, "complete")
    elif order["state"] in ("new", "pending_payment", "payment_review"):
        enter(order, "processing")


def ship(order: Row) -> None:
    for item in order["items"]:
        if not item.get("is_virtual"):
            item["qty_shipped"] = max(left(item, "qty_refunded", "qty_canceled"), ZERO)
    if order["state"] == "new":
        enter(order, "processing")
    settle(order)


def cancel(order: Row) -> None:
    """What was not invoiced is canceled; an order invoiced in part goes on with the rest."""
    taken = to_invoice(order)
    for item in carriers(order["items"]):
        share = taken[item["item_id"]] / Decimal(item["qty_ordered"])
        item["qty_canceled"] = taken[item["item_id"]]
        item["tax_canceled"] = cents(Decimal(item.get("tax_amount") or ZERO) * share)
    for base in ("", "base_"):
        _cancel_amounts(order, base)
    if order.get("total_invoiced"):
        settle(order)
    else:
        enter(order, "canceled")


def _cancel_amounts(order: Row, base: str) -> None:
    subtotal = sum((raw_row_total(order, item, base) for item in carriers(order["items"])), ZERO)
    whole = {
        "subtotal": subtotal,
        "tax": order[f"{base}tax_amount"],
        "shipping": order[f"{base}shipping_amount"],
        "discount": abs(order[f"{base}discount_amount"]),
        "total": order[f"{base}grand_total"],
    }
    for name, amount in whole.items():
        order[f"{base}{name}_canceled"] = amount - (order.get(f"{base}{name}_invoiced") or ZERO)


def hold(order: Row) -> None:
    order["hold_before_state"], order["hold_before_status"] = order["state"], order["status"]
    enter(order, "holded")


def unhold(order: Row) -> None:
    order["state"], order["status"] = order.pop("hold_before_state"), order.pop("hold_before_status")
