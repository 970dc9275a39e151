"""Reconciliations of a world's orders, whatever day it is."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

from hub.books.reconciliation import asking
from hub.books.reconciliation.rounds import advance
from hub.models import Discrepancy, Flow, Reconciliation, SyncRecord
from tests.hub.edited_orders import edit
from tests.hub.world import World

DAY = dt.timedelta(days=1)
ROUND = 30.0


def reconciled(world: World, start: dt.date | None = None, end: dt.date | None = None) -> Reconciliation:
    """To its end. Without days: all that the hub knows, and a day on either side."""
    days = sorted(SyncRecord.objects.values_list("date", flat=True)) or [dt.date.today()]
    return finished(world.flow, start or days[0] - DAY, end or days[-1] + DAY)


def finished(flow: Flow, start: dt.date, end: dt.date) -> Reconciliation:
    run, _ = asking.ask(flow, start, end, by="ada")
    while run.state == Reconciliation.State.RUNNING:
        assert advance(run, time.monotonic() + ROUND)
        run.refresh_from_db()
    assert run.state == Reconciliation.State.DONE, run.problem
    return run


def unsettled() -> list[tuple[str, str]]:
    """Kind and natural key of what a person has to see to."""
    rows = Discrepancy.objects.filter(state__in=Discrepancy.UNSETTLED).order_by("kind", "natural_key")
    return list(rows.values_list("kind", "natural_key"))


def kinds() -> list[str]:
    return [kind for kind, _ in unsettled()]


def booked(world: World, lines: Mapping[str, int] | None = None, kind: str = "shipped_unpaid") -> dict[str, Any]:
    """Another order, placed and posted; of plain lines where they are named."""
    order: dict[str, Any] = world.place(kind=kind)
    if lines:
        edit(world, order, lines)
    world.sync()
    record = world.flow.records.get(number=world.number(order))
    assert record.state == "posted", record.message
    return order
