"""Months of trade in a world whose hub has heard nothing of them yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from connectors.base import Notice
from hub.intake.backfill import asking
from hub.intake.inbox import accept
from hub.models import Backfill, Event
from tests.hub.world import World

JANUARY, MARCH = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
DAYS = ("2026-01-01", "2026-01-20", "2026-02-10", "2026-03-31")


def history(world: World, days: Sequence[str] = DAYS, orders: int = 3) -> list[dict[str, Any]]:
    """What each order should come to."""
    return [row for day in days for row in world.store.trade(orders=orders, seed=5, day=day)]


def backfill(world: World, start: dt.date = JANUARY, end: dt.date = MARCH, *, look_first: bool = False) -> Backfill:
    return asking.ask(world.flow, start, end, by="ada", look_first=look_first)


def live(world: World, **wanted: Any) -> str:
    """A new order, and its webhook."""
    id = world.id(world.place(**wanted))
    accept(world.source, Notice("order", id), door=Event.Door.WEBHOOK)
    return id


def again(found: Backfill) -> Backfill:
    found.refresh_from_db()
    return found
