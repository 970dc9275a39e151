"""Due days: a number, or read from the words of the order's payment terms ("Net 30")."""

from __future__ import annotations

import re

from connectors.documents import Order
from hub.accounting.policy import Policy
from hub.errors import Held


def due_days(order: Order, policy: Policy) -> int:
    if isinstance(policy.due_days, int):
        return policy.due_days
    told = getattr(order, policy.due_days.path, None)
    if told is None:
        raise Held(
            "due_days",
            f"The flow reads its due days from {policy.due_days.path!r}, which orders do not have",
            field="due_days",
            value=policy.due_days.path,
            remedy="Choose another field in the flow's policy, such as payment_terms.",
        )
    number = re.search(r"\d+", str(told))
    return int(number.group()) if number else 0
