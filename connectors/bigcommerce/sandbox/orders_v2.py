"""Orders and what belongs to them, as V2 serves them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sandbox.listing import (
    Matches,
    equal,
    filtered,
    in_order,
    listed_v2,
    no_less,
    no_more,
    since,
    until,
)
from connectors.bigcommerce.sandbox.money import ZERO, written
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.presenting import presented
from connectors.bigcommerce.sandbox.refusals import not_writable, v2
from connectors.bigcommerce.sandbox.routing import Routes
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.bigcommerce.sandbox.statuses import STATUSES, status_rows
from connectors.sandbox import Call, Reply

WRITABLE = ("staff_notes", "customer_message", "external_order_id", "external_source", "payment_provider_id")
"""Of those that an accounting system may want; amounts, lines and addresses would be reckoned anew."""
SORTED_BY = ("id", "customer_id", "date_created", "date_modified", "status_id", "channel_id", "external_id")


def filters(shop: Shop) -> dict[str, Matches]:
    """Whether `min_date_modified` includes its own second nobody knows: a switch."""
    inclusive: Callable[[], bool] = lambda: bool(shop.switch["min_inclusive"])  # noqa: E731
    return {
        "min_id": no_less("id"),
        "max_id": no_more("id"),
        "customer_id": equal("customer_id"),
        "status_id": equal("status_id"),
        "external_order_id": equal("external_order_id"),
        "min_date_created": since("date_created", inclusive=inclusive),
        "max_date_created": until("date_created"),
        "min_date_modified": since("date_modified", inclusive=inclusive),
        "max_date_modified": until("date_modified"),
    }


def list_orders(shop: Shop, call: Call) -> Reply:
    field, _, direction = (call.get("sort") or "id:asc").partition(":")
    if field not in SORTED_BY:
        raise v2(400, "The value of the field 'sort' is not valid.")
    found = in_order(filtered(shop.orders.values(), call, filters(shop)), field, direction or "asc")
    return listed_v2([presented(shop, order) for order in found], call)


def count_orders(shop: Shop, call: Call) -> Reply:
    ids = [order["status_id"] for order in shop.orders.values()]
    statuses = [{**row, "sort_order": row["order"], "count": ids.count(row["id"])} for row in status_rows()]
    return Reply(body={"statuses": statuses, "count": len(ids)})


def show_order(shop: Shop, call: Call) -> Reply:
    return Reply(body=presented(shop, shop.order(call.params["id"]), call.get("include").split(",")))


def change_order(shop: Shop, call: Call) -> Reply:
    """Partial: what is not named stays. Every change moves `date_modified` and is announced, our own too."""
    order = shop.order(call.params["id"])
    try:
        wanted = json.loads(call.body)
    except ValueError:
        raise v2(400, "The request body is not valid JSON.") from None
    for name in wanted:
        if name not in (*WRITABLE, "status_id"):
            raise not_writable(name)
    status = wanted.pop("status_id", None)
    if status is not None and status not in range(len(STATUSES)):
        raise v2(400, "The field 'status_id' is invalid.", {"invalid_reason": "no such status"})
    order |= wanted
    shop.touch(order, status=status)
    return Reply(body=presented(shop, order))


def part(name: str) -> Callable[[Shop, Call], Reply]:
    def show(shop: Shop, call: Call) -> Reply:
        return listed_v2(list(shop.of(name, shop.order(call.params["id"]))), call)

    return show


def list_taxes(shop: Shop, call: Call) -> Reply:
    """Without details, one row for each tax and address."""
    order = shop.order(call.params["id"])
    rows = [_left(row, shop.of("products", order)) for row in shop.of("taxes", order)]
    return listed_v2(list(rows) if call.get("details") == "true" else _summed(rows), call)


def _left(tax: Row, products: list[Row]) -> Row:
    """A refund takes its part off the taxes of its products."""
    row = next((one for one in products if str(one["id"]) == tax.get("order_product_id")), None)
    gone = Decimal(row.get("quantity_refunded") or 0) / row["quantity"] if row and row["quantity"] else ZERO
    return {**tax, "line_amount": written(Decimal(tax["line_amount"]) * (1 - gone))} if gone else tax


def _summed(rows: list[Row]) -> list[Row]:
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        plain = {name: value for name, value in row.items() if name not in ("order_product_id", "line_item_type")}
        key = (row["name"], row["rate"], row["order_address_id"])
        held = found.setdefault(key, {**plain, "line_amount": "0.0000"})
        held["line_amount"] = f"{float(held['line_amount']) + float(row['line_amount']):.4f}"
    return list(found.values())


def list_fees(shop: Shop, call: Call) -> Reply:
    """Wrapped here, and bare within an order."""
    fees = shop.of("fees", shop.order(call.params["id"]))
    return Reply(body={"fees": fees}) if fees else Reply(204)


ORDER = r"/orders/(?P<id>\d+)"
ROUTES: Routes = (
    ("GET", "/orders", "orders", list_orders),
    ("GET", "/orders/count", "orders", count_orders),
    ("GET", ORDER, "orders", show_order),
    ("PUT", ORDER, "orders", change_order),
    ("GET", f"{ORDER}/products", "orders", part("products")),
    ("GET", f"{ORDER}/shipping_addresses", "orders", part("shipping_addresses")),
    ("GET", f"{ORDER}/coupons", "orders", part("coupons")),
    ("GET", f"{ORDER}/taxes", "orders", list_taxes),
    ("GET", f"{ORDER}/fees", "orders", list_fees),
    ("GET", "/order_statuses", "orders", lambda shop, call: Reply(body=status_rows())),
)
