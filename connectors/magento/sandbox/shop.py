"""Everything the shop knows, and the two ways in which anything changes: a row is saved, a change is announced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.catalogue import PRODUCTS, STORES, product_row
from connectors.magento.sandbox.clock import Clock
from connectors.magento.sandbox.people import CUSTOMERS, customer_row
from connectors.magento.sandbox.refusals import missing
from connectors.magento.sandbox.tables import Row, Table

Announce = Callable[[str, Row], None]


class Shop:
    def __init__(self, clock: Clock, switch: Mapping[str, Any], announce: Announce) -> None:
        self.clock = clock
        self.switch = switch
        self.announce = announce
        self.orders = Table("entity_id", "increment_id")
        self.invoices = Table("entity_id", "order_id")
        self.creditmemos = Table("entity_id", "order_id")
        self.transactions = Table("transaction_id", "order_id")
        self.comments = Table("entity_id")
        self.customers = Table("id")
        self.products = Table("id", "sku")
        self.baskets: dict[int, Basket] = {}
        """What the orders made here were made of: an edit starts from it."""
        self.before_cancel: dict[int, Row] = {}
        """Canceled orders as they were, should they come back to life."""
        self.recorded: set[int] = set()
        """Orders taken from a recording: served as they were recorded."""
        self._counters: Counter[str] = Counter()
        for product in PRODUCTS:
            self.products.put(product_row(product, clock.stamp()))
        for buyer in CUSTOMERS:
            self.customers.put(customer_row(buyer, clock.stamp()))

    def next(self, name: str) -> int:
        """The next id of a table that we do not keep: items, addresses, payments, quotes."""
        self._counters[name] += 1
        return self._counters[name]

    def next_increment(self, name: str, store_id: int) -> str:
        """Counted per store and kind of document; every store but the first puts its id in front."""
        prefix = "" if store_id == STORES[0].id else str(store_id)
        return f"{prefix}{self.next(f'{name}#{store_id}'):09d}"

    def seen(self, name: str, highest: int) -> None:
        """Ids of a recording are taken."""
        self._counters[name] = max(self._counters[name], highest)

    def order(self, id: Any) -> Row:
        """A copy to be changed and saved. Raises Refused (404)."""
        found = self.orders.edit(int(id))
        if found is None:
            raise missing()
        return found

    def save(self, table: Table, row: Row, *, touch: bool = True) -> Row:
        """`touch` = the columns changed, so the database moves `updated_at` by itself."""
        if touch:
            row["updated_at"] = self.clock.stamp()
        table.put(row, float(self.switch["late_commit"]))
        return row
