"""A deposit's arithmetic: orders − refunds − fees + chargebacks + adjustments, and what of it is explained. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hub.books.payouts.kinds import Kind

ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """One row, or the sums of several of one kind."""

    kind: Kind
    gross: Decimal
    fee: Decimal
    net: Decimal
    explained: Decimal = ZERO


@dataclass(frozen=True)
class Sums:
    """`refunds` and `fees` are positive where money went out, the others are signed. `stated` is what the gateway says it
    paid; None where its files do not tell."""

    orders: Decimal = ZERO
    refunds: Decimal = ZERO
    fees: Decimal = ZERO
    chargebacks: Decimal = ZERO
    adjustments: Decimal = ZERO
    stated: Decimal | None = None
    explained: Decimal = ZERO

    @property
    def rows(self) -> Decimal:
        """What the rows come to."""
        return self.orders - self.refunds - self.fees + self.chargebacks + self.adjustments

    @property
    def deposit(self) -> Decimal:
        return self.rows if self.stated is None else self.stated

    @property
    def not_in_rows(self) -> Decimal:
        """What was paid and no row tells of."""
        return self.deposit - self.rows

    @property
    def unexplained(self) -> Decimal:
        return self.deposit - self.explained


def summed(parts: Iterable[Part]) -> Sums:
    """A fee explains itself; a payout row is what the others are measured by."""
    totals: dict[Kind, Decimal] = dict.fromkeys(Kind, ZERO)
    fees = explained = ZERO
    stated: Decimal | None = None
    for part in parts:
        if part.kind is Kind.PAYOUT:
            stated = (stated or ZERO) - part.net
            continue
        totals[part.kind] += part.gross
        fees += part.fee
        explained += part.explained - part.fee
    return Sums(
        orders=totals[Kind.CHARGE],
        refunds=-totals[Kind.REFUND],
        fees=fees,
        chargebacks=totals[Kind.CHARGEBACK],
        adjustments=totals[Kind.ADJUSTMENT],
        stated=stated,
        explained=explained,
    )
