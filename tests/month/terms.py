"""What a store says of its order, in the terms of the books: on days that are open, and in their currency. Shares no code
with the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = Mapping[str, Any]
CENT = Decimal("0.01")
DAY = dt.timedelta(days=1)


def dated(order: Row, known: Row | None, locked: dt.date) -> Row:
    """All days up to `locked` are closed. `known` is what the books had heard of the order by then: that keeps its day.
    What came later stands on the first open day. `true_date` says what the store says."""
    before = known or {}
    booked = before.get("expected") == "posted"
    moved = {
        name: list(_each(order[name], before.get(name, ()), locked))
        for name in ("expected_payments", "expected_refunds")
    }
    return {**order, **_day(order["date"], booked, locked), **moved}


def _each(rows: Iterable[Row], known: Iterable[Row], locked: dt.date) -> Iterator[Row]:
    left = list(known)
    for row in rows:
        if booked := row in left:
            left.remove(row)
        yield {**row, **_day(row["date"], booked, locked)}


def _day(date: str, booked: bool, locked: dt.date) -> Row:
    late = not booked and date <= locked.isoformat()
    return {"date": (locked + DAY).isoformat() if late else date, "true_date": date}


def converted(order: Row, rate: Decimal, into: str) -> Row:
    """One unit of the order's currency is `rate` of `into`. What was paid is converted as one sum, in the order of time,
    and so is what was given back: the books owe and are owed nothing for rounding."""
    tenders, payments = order["expected_tenders"], order["expected_payments"]
    paid = list(_shares([*tenders, *payments], "amount", rate))
    return {
        **order,
        "currency": into,
        **{name: str(_worth(order[name], rate)) for name in ("total", "expected_total", "expected_tax")},
        "expected_tenders": paid[: len(tenders)],
        "expected_payments": paid[len(tenders) :],
        "expected_refunds": list(_shares(order["expected_refunds"], "total", rate)),
    }


def _shares(rows: Iterable[Row], name: str, rate: Decimal) -> Iterator[Row]:
    given, made = Decimal(0), Decimal(0)
    for row in rows:
        given += Decimal(row[name])
        share = _worth(given, rate) - made
        made += share
        yield {**row, name: str(share)}


def _worth(amount: Decimal | str, rate: Decimal) -> Decimal:
    return (Decimal(amount) * rate).quantize(CENT, ROUND_HALF_UP)
