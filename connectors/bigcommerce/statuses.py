"""What an order's status says, by its number: the words are the merchant's own and may be in any language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from connectors.bigcommerce.reading import money, rows, text
from connectors.documents import Raw

Stage = Literal["placed", "accepted", "canceled"]
INCOMPLETE, REFUNDED = 0, 4
ACCEPTED = frozenset({2, 3, 8, 9, 10, 11})
"""Shipped, partially shipped, awaiting pickup, awaiting shipment, completed, awaiting fulfillment: unless the connection
says otherwise."""
ACCEPTED_IF_PAID = frozenset({4, 13, 14})
"""Refunded, disputed, partially refunded: set by hand they say nothing of money."""
CANCELED = frozenset({5, 6})
"""Canceled, declined."""
NAMES: Mapping[int, str] = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}
MIGRATED = "M-MIG"
"""The origin of orders that were imported from an earlier shop."""
INVOICE_PAYMENT = "invoice payment"
"""B2B Edition pays its invoices by further orders, which are no sales."""


def status_of(order: Raw) -> int:
    return int(money(order.get("status_id")))


def stage(order: Raw, accepted: str, *, paid: bool) -> Stage:
    """`accepted`: what the connection says of it; `paid`: money or a tender was taken."""
    status, known = status_of(order), frozenset(numbers(accepted)) or ACCEPTED
    if status in known:
        return "accepted"
    if status in CANCELED:
        return "canceled"
    return "accepted" if paid and status in ACCEPTED_IF_PAID else "placed"


def numbers(words: str) -> Iterator[int]:
    """Of statuses that a person listed. Raises ValueError with the word that names none."""
    for word in filter(None, map(str.strip, words.split(","))):
        found = status_named(word)
        if found is None:
            raise ValueError(word)
        yield found


def status_named(word: str) -> int | None:
    """The number of a status that a person named, by its number or by its English name."""
    if word.isdecimal() and int(word) in NAMES:
        return int(word)
    return next((number for number, name in NAMES.items() if name.lower() == word.strip().lower()), None)


def no_sale(raw: Raw, *, test: bool) -> str:
    """The reason for which an order is none to book; empty where it is one."""
    if text(raw["order"].get("external_source")) == MIGRATED:
        return "migrated"
    if any(_pays_an_invoice(field) for field in rows(raw.get("metafields"))):
        return "invoice_payment"
    return "test_order" if test else ""


def _pays_an_invoice(field: Raw) -> bool:
    return text(field.get("key")) == "orderType" and text(field.get("value")).lower() == INVOICE_PAYMENT
