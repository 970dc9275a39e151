"""What people at the hub do in a month: they decide what is held for them, and close the month when it is over."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import time_machine

from connectors.models import Connection
from hub.books.closing import close
from hub.books.months import Month
from hub.engine import decisions
from hub.models import SyncRecord, TaxRow
from tests.month.days import CLOSED_ON, FIRST

NAMED = "Books: "
"""What people put before a store's name for a tax."""


def decide(dice: random.Random) -> Counter[str]:
    """About each amendment of a booked order, and each tax that nobody has named. Returns what was decided."""
    decided: Counter[str] = Counter()
    for record in SyncRecord.objects.filter(state="held", reason="edited_after_posting").order_by("pk"):
        how = dice.choice(("adjust", "reinvoice"))
        decisions.follow_edit(record, how, record.problem["digest"], None)  # type: ignore[arg-type]
        decided[how] += 1
    while record := SyncRecord.objects.filter(state="held", reason="unmapped_tax").order_by("pk").first():
        decided["taxes named"] += len(rows := _named(record))
        decisions.name_taxes(record, rows, None)
    return decided


def _named(record: SyncRecord) -> list[TaxRow]:
    names = {one["name"] for one in record.problem["tax"]["missing"]}
    return [TaxRow(name=name, to=NAMED + name, flow=record.flow) for name in sorted(names)]


def close_month(books: Connection) -> None:
    """On a morning of the next one."""
    with time_machine.travel(dt.datetime.combine(CLOSED_ON, dt.time(15), dt.UTC), tick=True):
        close(books, Month.of(FIRST), "ada")
