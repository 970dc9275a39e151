"""Money goes back: a credit memo over quantities, shipping and adjustments."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from connectors.magento.sandbox.document_header import CANCELED, document_header
from connectors.magento.sandbox.invoicing import record_transaction
from connectors.magento.sandbox.money import ZERO, cents
from connectors.magento.sandbox.paying import ONLINE
from connectors.magento.sandbox.portions import (
    document_rows,
    exceeds,
    shipping_part,
    summed,
    total_of,
    wanted_quantities,
)
from connectors.magento.sandbox.progress import add, book_rows, can_refund, enter, settle, to_refund
from connectors.magento.sandbox.refusals import Refused, invalid
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

ITEM_COLUMNS = {"amount_refunded": "row_total", "tax_refunded": "tax_amount", "discount_refunded": "discount_amount"}


def refund_order(
    shop: Shop,
    order: Row,
    asked: Mapping[str, Any],
    *,
    invoice: Row | None = None,
    online: bool = False,
    limited: bool = True,
) -> Row:
    """`asked` is the body of the refund call. No items = all that are left; only shipping or an adjustment goes back
    when the items are asked for with quantity 0. Not `limited`: two people gave back at the same moment, so that the
    shop did not see that it was more than was paid.

    Raises Refused (400)."""
    taken = wanted_quantities(order, asked.get("items") or (), to_refund(order))
    if (limited and not can_refund(order)) or exceeds(taken, to_refund(order)):
        raise _refused("The order does not allow a creditmemo to be created.")
    earlier = [row for memo in standing(shop, order) for row in memo["items"]]
    rows = document_rows(shop, order, taken, earlier, "creditmemo")
    memo = document_header(shop, "creditmemo", shop.creditmemos, order, rows)
    memo |= {"invoice_id": invoice["entity_id"]} if invoice else {}
    _add_amounts(order, memo, rows, asked.get("arguments") or {})
    available = order["total_paid"] - (order.get("total_refunded") or ZERO)
    if limited and memo["grand_total"] > available:
        raise _refused("The most money available to refund is %1.", available)
    _book(order, memo, online)
    if online and order["payment"]["method"] in ONLINE:
        memo["transaction_id"] = record_transaction(shop, order, "refund")["txn_id"]
    shop.save(shop.creditmemos, memo)
    shop.save(shop.orders, order, touch=bool(shop.switch["creditmemo_touches_order"]))
    shop.announce("creditmemo", memo)
    return memo


def standing(shop: Shop, order: Row) -> list[Row]:
    """The oldest first, without those that were canceled."""
    memos = sorted(shop.creditmemos.newest("order_id", order["entity_id"]), key=lambda memo: memo["entity_id"])
    return [memo for memo in memos if memo.get("state") != CANCELED]


def cancel_refund(shop: Shop, memo: Row) -> Row:
    """The memo stays, and what it did to its order is undone. Raises Refused (400)."""
    if memo["state"] == CANCELED:
        raise invalid("You can not cancel Credit Memo.")
    order = shop.order(memo["order_id"])
    if order["state"] == "closed":
        enter(order, "processing")
    _book(order, _negated(memo), online=bool(memo.get("transaction_id")))
    memo = {**memo, "state": CANCELED}
    shop.save(shop.creditmemos, memo)
    shop.save(shop.orders, order, touch=bool(shop.switch["creditmemo_touches_order"]))
    shop.announce("creditmemo", memo)
    return memo


def _negated(memo: Row) -> Row:
    items = [_negated(row) | {"order_item_id": row["order_item_id"]} for row in memo.get("items", ())]
    amounts = {name: -value for name, value in memo.items() if isinstance(value, Decimal)}
    return {**amounts, "items": items}


def _refused(reason: str, *parameters: Decimal) -> Refused:
    return invalid(f"Creditmemo Document Validation Error(s):\n{reason}", [str(one) for one in parameters])


def _add_amounts(order: Row, memo: Row, rows: list[Row], arguments: Mapping[str, Any]) -> None:
    positive, negative = (_argument(arguments, name) or ZERO for name in ("adjustment_positive", "adjustment_negative"))
    share = _shipping_share(order, _argument(arguments, "shipping_amount"))
    for base in ("", "base_"):
        rate = Decimal(order["base_to_order_rate"]) if base else Decimal(1)
        adjustments = {"adjustment_positive": cents(positive / rate), "adjustment_negative": cents(negative / rate)}
        memo |= summed(rows, shipping_part(order, share, base), base)
        memo |= {base + name: amount for name, amount in adjustments.items()}
        memo[f"{base}adjustment"] = adjustments["adjustment_positive"] - adjustments["adjustment_negative"]
        memo[f"{base}grand_total"] = total_of(rows, memo, base) + memo[f"{base}adjustment"]


def _argument(arguments: Mapping[str, Any], name: str) -> Decimal | None:
    """Snake or camel case; None = not given."""
    first, *rest = name.split("_")
    value = arguments.get(name, arguments.get(first + "".join(word.title() for word in rest)))
    return None if value is None else Decimal(str(value))


def _shipping_share(order: Row, asked: Decimal | None) -> Decimal:
    """Which part of the shipping goes back; not said = what is left of it."""
    whole = Decimal(order.get("shipping_amount") or ZERO)
    remaining = whole - Decimal(order.get("shipping_refunded") or ZERO)
    amount = remaining if asked is None else asked
    if amount > remaining:
        raise _refused("Maximum shipping amount allowed to refund is: %1", remaining)
    return amount / whole if whole else ZERO


def _book(order: Row, memo: Row, online: bool) -> None:
    for base in ("", "base_"):
        add(order, f"{base}subtotal_refunded", memo[f"{base}subtotal"])
        add(order, f"{base}tax_refunded", memo[f"{base}tax_amount"])
        add(order, f"{base}shipping_refunded", memo[f"{base}shipping_amount"])
        add(order, f"{base}discount_refunded", memo[f"{base}discount_amount"])
        add(order, f"{base}adjustment_positive", memo[f"{base}adjustment_positive"])
        add(order, f"{base}adjustment_negative", memo[f"{base}adjustment_negative"])
        add(order, f"{base}total_refunded", memo[f"{base}grand_total"])
        add(order, f"{base}total_{'online' if online else 'offline'}_refunded", memo[f"{base}grand_total"])
        add(order["payment"], f"{base}amount_refunded", memo[f"{base}grand_total"])
    book_rows(order, memo["items"], "qty_refunded", ITEM_COLUMNS)
    settle(order)
