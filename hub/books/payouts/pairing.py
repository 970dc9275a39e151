"""Which document of the books one row is about: by its transaction, else by its order, to the cent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SURE, SAME_ORDER, DIFFERS, FOREIGN = 100, 95, 60, 80
ZERO = Decimal(0)


@dataclass(frozen=True)
class Candidate:
    """A document of the books, with what no other row has taken of it."""

    id: int
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Sought:
    """What a row moved, without its sign; `shown` is the same in the customer's currency."""

    amount: Decimal
    currency: str
    shown: Decimal | None = None
    shown_currency: str = ""

    def in_currency(self, currency: str) -> Decimal | None:
        if currency == self.currency:
            return self.amount
        return abs(self.shown) if self.shown is not None and currency == self.shown_currency else None


@dataclass(frozen=True)
class Pair:
    id: int
    amount: Decimal
    confidence: int
    reasons: tuple[str, ...]


def pairs(sought: Sought, candidates: Sequence[Candidate], reason: str, *, sure: int = SURE) -> list[Pair]:
    """One that is over the very amount, else all of them together; else they are shown, with what differs."""
    free = [one for one in candidates if one.amount > ZERO]
    exact = next((one for one in free if sought.in_currency(one.currency) == one.amount), None)
    if exact:
        return [Pair(exact.id, exact.amount, sure, (reason, "the same amount"))]
    if len(free) > 1 and _together(sought, free):
        return [Pair(one.id, one.amount, sure, (reason, "their amounts add up")) for one in free]
    return [_unlike(sought, one, reason) for one in free[:1]]


def _together(sought: Sought, free: Sequence[Candidate]) -> bool:
    [*currencies] = {one.currency for one in free}
    return len(currencies) == 1 and sought.in_currency(currencies[0]) == sum((one.amount for one in free), ZERO)


def _unlike(sought: Sought, one: Candidate, reason: str) -> Pair:
    wanted = sought.in_currency(one.currency)
    if wanted is None:
        said = f"booked over {one.amount:.2f} {one.currency}, which cannot be compared"
        return Pair(one.id, one.amount, FOREIGN, (reason, said))
    said = f"{one.amount:.2f} {one.currency} of it are booked, and the row says {wanted:.2f}"
    return Pair(one.id, min(one.amount, wanted), DIFFERS, (reason, said))
