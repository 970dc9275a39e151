"""What a site's status words mean. A word that nobody explained is never guessed: then a person is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from connectors.clarity.reading import plain
from connectors.clarity.record import Record

Stage = Literal["placed", "accepted", "canceled"]
ORDERS: Mapping[str, Stage] = {
    "pending": "placed",
    "open": "accepted",
    "partially_paid": "accepted",
    "paid": "accepted",
    "closed": "accepted",
    "void": "canceled",
}
"""What a status of an order can be mapped to, and whether the store has accepted such an order."""
PAYMENTS = ("authorized", "captured", "partially_refunded", "refunded", "voided", "failed")
TAKEN = ("captured", "partially_refunded", "refunded")
"""Money was really taken; what was given back since is a refund."""
REFUNDS = ("completed", "pending", "failed")

GENERIC_ORDERS: Mapping[str, str] = {
    **{word: word for word in ORDERS},
    **dict.fromkeys(("new", "on hold", "awaiting payment"), "pending"),
    **dict.fromkeys(("confirmed", "processing", "shipped", "partially shipped"), "open"),
    **dict.fromkeys(("partial payment received",), "partially_paid"),
    **dict.fromkeys(("full payment received",), "paid"),
    **dict.fromkeys(("completed", "complete", "delivered", "refunded", "partially refunded"), "closed"),
    **dict.fromkeys(("cancelled", "canceled", "voided"), "void"),
}
GENERIC_PAYMENTS: Mapping[str, str] = {
    **{word: word for word in PAYMENTS},
    "authorised": "authorized",
    "pending": "authorized",
    "void": "voided",
}
GENERIC_REFUNDS: Mapping[str, str] = {
    **dict.fromkeys(("", "completed", "complete", "succeeded", "success", "refunded", "captured"), "completed"),
    **dict.fromkeys(("pending", "requested", "processing"), "pending"),
    **dict.fromkeys(("failed", "void", "voided", "cancelled", "canceled", "declined", "rejected"), "failed"),
}


def meaning(word: str, generic: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """Of the canonical words, the one that is meant; empty where nobody said. Case and spaces do not matter."""
    table = {_key(known): meant for known, meant in {**generic, **chosen}.items()}
    return table.get(_key(word), "")


def stage_of(order: Record) -> Stage | None:
    """None where nobody has said what the status means."""
    return ORDERS.get(meaning(order.text("status"), GENERIC_ORDERS, order.terms.table("status_map")))


def _key(word: str) -> str:
    return "".join(plain(word).split())
