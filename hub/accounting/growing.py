"""Refunds of sources that only say how much went back in all: what was credited stands, the rest is a refund of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from connectors.documents import Order, Refund


def in_portions(order: Order, credited: Mapping[str, Decimal]) -> Order:
    """The same order with each such refund as one for each time that it grew. `credited` is what went out already, by
    refund, in the order's own currency."""
    if not any(refund.in_all for refund in order.refunds):
        return order
    parts = (_portions(refund, credited) if refund.in_all else (refund,) for refund in order.refunds)
    return order.model_copy(update={"refunds": tuple(portion for some in parts for portion in some)})


def _portions(refund: Refund, credited: Mapping[str, Decimal]) -> Iterator[Refund]:
    left, count = refund.total, 1
    while (share := credited.get(_part(refund, count))) is not None:
        yield _portion(refund, count, share)
        left, count = left - share, count + 1
    if left > 0:
        yield _portion(refund, count, left)


def _part(refund: Refund, count: int) -> str:
    return refund.id if count == 1 else f"{refund.id}+{count}"


def _portion(refund: Refund, count: int, share: Decimal) -> Refund:
    """Which lines a part of the sum was for, nobody says."""
    if share == refund.total:
        return refund
    number = refund.number if count == 1 else f"{refund.number}-{count}"
    return refund.model_copy(update={"id": _part(refund, count), "number": number, "total": share, "lines": ()})
