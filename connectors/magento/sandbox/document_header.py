"""What every document of an order starts with."""

from __future__ import annotations

from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row, Table

CURRENCIES = (
    "base_currency_code", "global_currency_code", "order_currency_code", "store_currency_code",
    "base_to_global_rate", "base_to_order_rate", "store_to_base_rate", "store_to_order_rate",
)  # fmt: skip
DONE, CANCELED = 2, 3
"""States that both have: of an invoice 2 is paid, of a credit memo refunded."""


def document_header(shop: Shop, name: str, table: Table, order: Row, rows: list[Row]) -> Row:
    id = table.next_id()
    return {
        "entity_id": id,
        "increment_id": shop.next_increment(name, order["store_id"]),
        "order_id": order["entity_id"],
        "store_id": order["store_id"],
        "state": DONE,
        **{column: order[column] for column in CURRENCIES if column in order},
        "billing_address_id": order.get("billing_address_id"),
        "created_at": shop.clock.stamp(),
        "items": [{**row, "parent_id": id} for row in rows],
        "comments": [],
    }
