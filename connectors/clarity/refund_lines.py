"""What one refund gives back, line by line, and what of its amount nothing explains.

A refund's amount is the truth. It names items, or none; shipping and tax may go back beside them without a word. What the
order's own lines or the refund's own tax explain to the cent is booked as that, and nothing is guessed beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from babel.numbers import get_currency_precision

from connectors.clarity.lines import drafts
from connectors.clarity.reading import rounded
from connectors.clarity.record import Record
from connectors.documents import ZERO, Line, Tax

Lines = tuple[Line, ...]


def refund_lines(record: Record, total: Decimal, sold: Sequence[Line], currency: str) -> Lines:
    """Its own items and charges; else all of the order, where all of it went back; else the amount alone."""
    own = tuple(line for line in (draft.line() for draft in drafts(record, currency)) if line.gross)
    if own:
        return (*own, *_beside(record, own, total, sold, currency))
    if total == gross(sold):
        return tuple(sold)
    return _amount_alone(record, total, currency)


def unexplained(lines: Sequence[Line], total: Decimal, currency: str) -> Decimal:
    """Nothing where no line is told: then an amount is all that went back."""
    rest = total - gross(lines)
    return rest if lines and abs(rest) > _rounding(lines, currency) else ZERO


def gross(lines: Sequence[Line]) -> Decimal:
    return sum((line.gross for line in lines), ZERO)


def _beside(record: Record, own: Lines, total: Decimal, sold: Sequence[Line], currency: str) -> Lines:
    """What went back without being listed: the tax that the refund states, or charges of the order, whole."""
    rest = total - gross(own)
    slack = _rounding(own, currency)
    if abs(rest) <= slack:
        return ()
    tax = _stated_tax(record, currency) - sum((line.tax for line in own), ZERO)
    if tax > 0 and abs(rest - tax) <= slack:
        return (Line(id="tax", kind="adjustment", name="Tax of the refund", net=ZERO, taxes=_taxes(record, tax)),)
    charges = [line for line in sold if line.kind != "product" and line.id not in {one.id for one in own}]
    some = (found for number in range(1, len(charges) + 1) for found in combinations(charges, number))
    return next((found for found in some if gross(found) == rest), ())


def _amount_alone(record: Record, total: Decimal, currency: str) -> Lines:
    tax = _stated_tax(record, currency)
    if not tax:
        return ()
    net = total - tax
    name = "Refund"
    return (Line(id="amount", kind="adjustment", name=name, unit_price=net, net=net, taxes=_taxes(record, tax)),)


def _stated_tax(record: Record, currency: str) -> Decimal:
    return rounded(abs(record.amount("taxAmount")), currency)


def _taxes(record: Record, amount: Decimal) -> tuple[Tax, ...]:
    return (Tax(name=record.text("taxName") or "Tax", amount=amount),)


def _rounding(lines: Sequence[Line], currency: str) -> Decimal:
    """A smallest unit for each line."""
    return Decimal(1).scaleb(-get_currency_precision(currency)) * len(lines)
