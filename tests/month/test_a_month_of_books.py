"""A month of mixed trade under each rounding rule that the books may have: what they hold in the end is what the trade
itself says, to the cent.

`MONTH_SEEDS=10 MONTH_ORDERS=1000` plays ten months of a thousand orders each.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from hub.books.agreement import agreement
from tests.month import days
from tests.month.counts import counted, note
from tests.month.plot import open_month
from tests.month.verdict import violations_of

pytestmark = [pytest.mark.month, pytest.mark.django_db(transaction=True)]
POINTS, MODES = ("line", "tax", "total"), ("half_up", "half_even", "down")
RULES = list(itertools.product(POINTS, MODES))
SEEDS = int(os.environ.get("MONTH_SEEDS", "0"))
ORDERS = int(os.environ.get("MONTH_ORDERS", "150"))
PLAYED = [(seed, *RULES[seed % len(RULES)]) for seed in range(1, SEEDS + 1)] or [(1, *rule) for rule in RULES]


EVERYTHING = {
    "orders posted",
    "orders held, no_email",
    "orders skipped, canceled",
    "orders skipped, not_accepted",
    "orders skipped, zero_total",
    "orders converted",
    "orders without tax",
    "paid by gift card",
    "paid by store credit",
    "credit notes of refunds",
    "credit notes of edits and cancellations",
    "late invoices",
    "late payments",
    "late credit notes",
    "late edits and cancellations",
}
"""What a month of `ENOUGH` orders must have to be worth its name."""
ENOUGH = 150


@pytest.mark.parametrize(("seed", "point", "mode"), PLAYED)
def test_the_books_are_what_the_trade_says(seed: int, point: str, mode: str, tally: Path) -> None:
    with open_month(seed, ORDERS, {"rounding_point": point, "rounding_mode": mode}) as month:
        month.play()
        violations = violations_of(month)
        counts = counted(month, len(violations))
        note(counts, tally)
    assert not violations, "\n".join(violations)
    told = agreement(days.FIRST, days.END)
    assert told.agree, told.told()
    missing = EVERYTHING - counts.keys() if ORDERS >= ENOUGH else set()
    assert not missing, f"this month had no {', '.join(missing)}"
    assert set(month.decided) == {"adjust", "reinvoice", "taxes named"}, "people had too little to decide"
    assert month.thoughts.amended and month.thoughts.canceled, "this month had too few second thoughts"
