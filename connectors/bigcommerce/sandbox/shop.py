"""Everything the store knows, and the ways in which anything changes: a row is saved, a change is announced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from connectors.bigcommerce.sandbox.baskets import Basket
from connectors.bigcommerce.sandbox.catalogue import PRODUCTS, product_row
from connectors.bigcommerce.sandbox.clock import Clock, iso, rfc2822, zulu
from connectors.bigcommerce.sandbox.people import CUSTOMERS, Row, address_row, customer_row
from connectors.bigcommerce.sandbox.refusals import not_found_v2
from connectors.bigcommerce.sandbox.statuses import STATUSES

Announce = Callable[[str, Row], None]
"""A scope without its `store/`, and the `data` of the webhook."""
PARTS = ("products", "shipping_addresses", "taxes", "coupons", "fees", "transactions", "refunds", "metafields")
"""What an order has beside itself."""


class Shop:
    def __init__(self, clock: Clock, switch: Mapping[str, Any], announce: Announce) -> None:
        self.clock = clock
        self.switch = switch
        self.announce = announce
        self.orders: dict[int, Row] = {}
        self.parts: dict[str, defaultdict[int, list[Row]]] = {name: defaultdict(list) for name in PARTS}
        """Name → order id → rows."""
        self.baskets: dict[int, Basket] = {}
        """What the orders made here were made of: an edit starts from it."""
        self.before_cancel: dict[int, int] = {}
        """The status that a canceled order had."""
        self.hooks: dict[int, Row] = {}
        self._counters: Counter[str] = Counter(order=99, refund=30, transaction=85_926_400, customer=len(CUSTOMERS))
        now = clock.now()
        self.products: dict[int, Row] = {one.id: product_row(one, iso(now)) for one in PRODUCTS}
        self.customers: dict[int, Row] = {one.id: customer_row(one, zulu(now)) for one in CUSTOMERS}
        self.addresses: list[Row] = [address_row(one) for one in CUSTOMERS]

    def next(self, name: str) -> int:
        self._counters[name] += 1
        return self._counters[name]

    def seen(self, name: str, highest: int) -> None:
        """Ids of a recording are taken."""
        self._counters[name] = max(self._counters[name], highest)

    def order(self, id: Any) -> Row:
        """The row itself. Raises Refused (404)."""
        try:
            return self.orders[int(id)]
        except (KeyError, ValueError):
            raise not_found_v2() from None

    def of(self, part: str, order: Row) -> list[Row]:
        return self.parts[part][order["id"]]

    def add(self, order: Row) -> None:
        self.orders[order["id"]] = order
        self.announce("order/created", {"type": "order", "id": order["id"]})

    def touch(self, order: Row, *, status: int | None = None) -> None:
        """Something of it changed; with `status`, that too."""
        before = order["status_id"]
        if status is not None and status != before:
            name = STATUSES[status]
            order |= {"status_id": status, "status": name, "custom_status": name}
        order["date_modified"] = rfc2822(self.clock.now())
        told = {"type": "order", "id": order["id"]}
        self.announce("order/updated", told)
        if order["status_id"] != before:
            change = {"previous_status_id": before, "new_status_id": order["status_id"]}
            self.announce("order/statusUpdated", {**told, "status": change})
