"""Payments without a reference, told apart by amount, date and customer: one for one, one deposit for several orders, or
several payments for one order. No payment and no order is used twice, and every match adds up to the cent. Pure."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from connectors.documents import ZERO
from hub.books.reconciliation.likeness import Due, Likeness, Loose, likeness, same_customer, together

LEAST = 50.0
"""Less than this is no match at all."""
CLOSE = 5.0
"""Two candidates that are no further apart: which one it is, nobody can tell."""
UNSURE = 60.0
"""What a match is worth at most where another one would do as well."""
SEVERAL = 5
"""Pieces of one sum; and how far apart their days may be:"""
SPAN = 31
MOST = 14
"""Of a customer's open pieces only so many are tried together: the number of sums doubles with each."""
Piece = TypeVar("Piece", Due, Loose)


@dataclass(frozen=True)
class Match:
    dues: tuple[Due, ...]
    payments: tuple[Loose, ...]
    confidence: int
    reasons: tuple[str, ...]

    @property
    def amount(self) -> Decimal:
        return sum((one.amount for one in self.payments), ZERO)


def matches(dues: Sequence[Due], payments: Sequence[Loose]) -> list[Match]:
    """The surest first; what is left is tried as sums."""
    free = _Free(dues, payments)
    return [*_single(free), *_deposits(free), *_instalments(free)]


class _Free:
    """What no match has used yet, in an order that never changes."""

    def __init__(self, dues: Sequence[Due], payments: Sequence[Loose]) -> None:
        self.dues = {one.key: one for one in sorted(dues, key=lambda one: (one.date, one.key))}
        self.payments = {one.id: one for one in sorted(payments, key=lambda one: (one.date, one.id))}

    def take(self, dues: tuple[Due, ...], payments: tuple[Loose, ...], alike: Likeness) -> Match:
        for due in dues:
            del self.dues[due.key]
        for payment in payments:
            del self.payments[payment.id]
        return Match(dues, payments, int(alike.points), alike.reasons)


def _single(free: _Free) -> Iterator[Match]:
    found = sorted(_pairs(free), key=lambda one: (-one[0].points, one[1].key, one[2].id))
    rivals = _rivals(found)
    for alike, due, payment in found:
        if due.key in free.dues and payment.id in free.payments:
            yield free.take((due,), (payment,), _doubted(alike, rivals[due.key, payment.id]))


def _pairs(free: _Free) -> Iterator[tuple[Likeness, Due, Loose]]:
    by_amount: dict[tuple[str, Decimal], list[Due]] = defaultdict(list)
    for due in free.dues.values():
        by_amount[due.currency, due.amount].append(due)
    for payment in free.payments.values():
        for due in by_amount.get((payment.currency, payment.amount), ()):
            alike = likeness(due, payment)
            if alike.points >= LEAST:
                yield alike, due, payment


def _rivals(found: Iterable[tuple[Likeness, Due, Loose]]) -> dict[tuple[str, str], bool]:
    """Whether another pair with the same due or the same payment is about as good as this one."""
    best: dict[object, list[float]] = defaultdict(list)
    pairs = list(found)
    for alike, due, payment in pairs:
        best["due", due.key].append(alike.points)
        best["payment", payment.id].append(alike.points)
    return {
        (due.key, payment.id): any(
            sum(points >= alike.points - CLOSE for points in best[one]) > 1
            for one in (("due", due.key), ("payment", payment.id))
        )
        for alike, due, payment in pairs
    }


def _doubted(alike: Likeness, rival: bool) -> Likeness:
    if not rival:
        return alike
    return Likeness(min(alike.points, UNSURE), (*alike.reasons, "another one would do as well"))


def _deposits(free: _Free) -> Iterator[Match]:
    """One payment for several orders of one customer."""
    for payment in list(free.payments.values()):
        near = [due for due in free.dues.values() if _may_belong(due, payment) and due.amount < payment.amount]
        chosen, rival = _sum(near, payment.amount, payment.date)
        if chosen:
            alike = together([likeness(due, payment, sums=True) for due in chosen])
            if alike.points >= LEAST:
                yield free.take(chosen, (payment,), _doubted(alike, rival))


def _instalments(free: _Free) -> Iterator[Match]:
    """Several payments for one order."""
    for due in list(free.dues.values()):
        near = [one for one in free.payments.values() if _may_belong(due, one) and one.amount < due.amount]
        chosen, rival = _sum(near, due.amount, due.date)
        if chosen:
            alike = together([likeness(due, one, sums=True) for one in chosen])
            if alike.points >= LEAST:
                yield free.take((due,), chosen, _doubted(alike, rival))


def _may_belong(due: Due, payment: Loose) -> bool:
    near = abs((payment.date - due.date).days) <= SPAN
    return near and due.currency == payment.currency and same_customer(due, payment)


def _sum(pieces: list[Piece], amount: Decimal, date: dt.date) -> tuple[tuple[Piece, ...], bool]:
    """The fewest pieces that make this amount, and whether as many others would."""
    nearest = sorted(pieces, key=lambda one: abs((one.date - date).days))[:MOST]
    for size in range(2, SEVERAL + 1):
        fitting = (some for some in itertools.combinations(nearest, size) if sum(one.amount for one in some) == amount)
        first, second = next(fitting, None), next(fitting, None)
        if first:
            return first, second is not None
    return (), False
