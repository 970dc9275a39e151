"""The fifteen statuses of an order. Merchants may rename them, but not their ids."""

from __future__ import annotations

from typing import Any

INCOMPLETE, PENDING, SHIPPED, REFUNDED, CANCELED, DECLINED, AWAITING_PAYMENT = 0, 1, 2, 4, 5, 6, 7
COMPLETED, AWAITING_FULFILLMENT, VERIFICATION, PARTIALLY_REFUNDED = 10, 11, 12, 14
STATUSES = (
    "Incomplete", "Pending", "Shipped", "Partially Shipped", "Refunded", "Cancelled", "Declined", "Awaiting Payment",
    "Awaiting Pickup", "Awaiting Shipment", "Completed", "Awaiting Fulfillment", "Manual Verification Required",
    "Disputed", "Partially Refunded",
)  # fmt: skip
SHOWN = (0, 1, 7, 11, 9, 8, 3, 10, 2, 5, 6, 4, 13, 12, 14)
"""In the order of the control panel."""


def status_rows() -> list[dict[str, Any]]:
    return [
        {
            "id": id,
            "name": name,
            "system_label": name,
            "custom_label": name,
            "system_description": f"{name}.",
            "order": SHOWN.index(id),
        }
        for id, name in enumerate(STATUSES)
    ]
