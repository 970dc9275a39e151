"""How much a payment without a reference looks like one that the source tells of, from 0 to 100, and why. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz, utils

AMOUNT, CUSTOMER, DATE, INVOICE, REFERENCE = 35, 30, 20, 15, 15
"""Points for what agrees. Amount, customer and day alone are a good guess, and no more."""
PER_DAY = 1.5
ALIKE = 85.0
"""From here on two names are taken for one."""


@dataclass(frozen=True)
class Due:
    """One payment that the source tells of and the books lack. `references` may stand in a note."""

    key: str
    amount: Decimal
    currency: str
    date: dt.date
    who: str = ""
    client_id: str = ""
    invoice_id: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loose:
    """One payment of the books that bears no mark of ours."""

    id: str
    amount: Decimal
    currency: str
    date: dt.date
    client: str = ""
    client_id: str = ""
    invoice_id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Likeness:
    points: float
    reasons: tuple[str, ...]


def likeness(due: Due, loose: Loose, *, sums: bool = False) -> Likeness:
    """`sums`: the amounts only agree together with others."""
    parts = (
        (AMOUNT, f"the amounts add up to {loose.amount}" if sums else "the same amount"),
        _customer(due, loose),
        _date(due, loose),
        _invoice(due, loose),
        _reference(due, loose),
    )
    points = min(sum(points for points, _ in parts), 100.0)
    return Likeness(points, tuple(reason for _, reason in parts if reason))


def same_customer(due: Due, loose: Loose) -> bool:
    if due.client_id and due.client_id == loose.client_id:
        return True
    return bool(due.who) and _ratio(due.who, f"{loose.client} {loose.note}") >= ALIKE


def together(alike: Sequence[Likeness]) -> Likeness:
    """Several are as sure as the least sure of them."""
    reasons = dict.fromkeys(reason for one in alike for reason in one.reasons)
    return Likeness(min(one.points for one in alike), tuple(reasons))


def _customer(due: Due, loose: Loose) -> tuple[float, str]:
    if due.client_id and due.client_id == loose.client_id:
        return CUSTOMER, "the same client"
    ratio = _ratio(due.who, f"{loose.client} {loose.note}") if due.who else 0.0
    return CUSTOMER * ratio / 100, f"the name is {ratio:.0f} % alike" if ratio >= ALIKE else ""


def _date(due: Due, loose: Loose) -> tuple[float, str]:
    days = abs((loose.date - due.date).days)
    words = "the same day" if not days else f"{days} day{'' if days == 1 else 's'} apart"
    return max(DATE - PER_DAY * days, 0.0), words


def _invoice(due: Due, loose: Loose) -> tuple[float, str]:
    there = bool(due.invoice_id) and due.invoice_id == loose.invoice_id
    return (INVOICE, "on the very invoice") if there else (0.0, "")


def _reference(due: Due, loose: Loose) -> tuple[float, str]:
    note = f" {utils.default_process(loose.note)} "
    named = next((one for one in due.references if one and f" {utils.default_process(one)} " in note), "")
    return (REFERENCE, f"the note names {named}") if named else (0.0, "")


def _ratio(left: str, right: str) -> float:
    return fuzz.token_set_ratio(left, right, processor=utils.default_process)
