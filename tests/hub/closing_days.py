"""The lock date moves while work is going on; and what the books then hold on the days that it closed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone

from connectors.models import Connection
from tests.hub.world import World

DAY = dt.timedelta(days=1)
KEPT = ("invoice_number", "credit_number", "create_date", "date", "amount", "customerid", "clientid", "notes")
"""What no later payment on an open day changes."""
WAITS = ("ratebudget", '"paused_until" AS', "BEGIN")
"""In the statements that a call may wait for."""
DATES = {"invoices": "create_date", "credit_notes": "create_date", "payments": "date"}


def lock_date() -> dt.date:
    """Closes every day that an order placed now may have, in whatever zone."""
    return timezone.now().date() + DAY


def first_open_day() -> dt.date:
    return lock_date() + DAY


def close_days() -> None:
    Connection.objects.filter(name="books").update(lock_date=lock_date())


def open_days() -> None:
    Connection.objects.filter(name="books").update(lock_date=None)


def closed_days(world: World, until: dt.date | None = None) -> dict[str, Any]:
    """Each final document of a closed day, as the books hold it. A draft is nobody's yet, and may leave its day."""
    last = (until or lock_date()).isoformat()
    state = json.loads(json.dumps(world.books.state(), default=str))
    return {
        f"{resource} {row['id']}": {name: value for name, value in row.items() if name in KEPT}
        for resource, field in DATES.items()
        for row in state[resource]
        if row[field] <= last and row.get("v3_status") != "draft" and row.get("vis_state", 0) == 0
    }


def changed(then: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What was written on the closed days, or taken away from them."""
    for name in then | now:
        was, row = then.get(name, {}), now.get(name, {})
        yield from (
            (f"{name} {field}", was.get(field), row.get(field)) for field in KEPT if was.get(field) != row.get(field)
        )


@contextmanager
def closed_before(point: int, world: World, *, waits: bool = True) -> Iterator[dict[str, Any]]:
    """The days are closed before the database statement of that number, or the first after it that stands outside of a
    transaction; unless `waits`, nor where a call waits for its turn. Yields what the closed days held at
    that moment; empty where work was over before."""
    seen: dict[str, Any] = {}
    statements = 0

    def count(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        nonlocal statements
        statements += 1
        outside = not connection.in_atomic_block and (waits or not any(word in sql for word in WAITS))
        if statements >= point and not seen and outside:
            seen["closed"] = closed_days(world)
            close_days()
        return execute(sql, *args)

    with connection.execute_wrapper(count):
        yield seen
