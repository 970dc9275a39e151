"""Which connections have a webhook door. Remembered for a second: a burst asks the database once, not every time."""

from __future__ import annotations

import time

from connectors.models import Connection

REMEMBERED = 1.0
_remembered: dict[str, tuple[float, Connection]] = {}


def door(name: str) -> Connection | None:
    """None where there is no such door. What was changed, renamed or deleted is known to be so within a second."""
    until, known = _remembered.get(name, (0.0, None))
    now = time.monotonic()
    if now < until:
        return known
    _remembered.pop(name, None)
    found = Connection.objects.filter(name=name).first()
    if found is None or not found.connector_class.offers("verify"):
        return None
    _remembered[name] = (now + REMEMBERED, found)
    return found


def forget() -> None:
    _remembered.clear()
