"""One clock for leases, waits and pauses, whatever the machine: the database's. Asked for once a minute, and whenever
this machine's own clock has jumped or stood still; in between only the time that passes is measured."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

AGREED_FOR = 60.0
JUMP = 1.0
"""Seconds by which two ways to measure the time that passed may differ."""


@dataclass(frozen=True)
class Agreed:
    """What the database's clock showed, and our own two at that moment. The monotonic one never jumps, but may stand
    still while the machine sleeps."""

    told: dt.datetime
    monotonic: float
    wall: float

    @property
    def passed(self) -> float:
        return time.monotonic() - self.monotonic

    @property
    def holds(self) -> bool:
        return self.passed < AGREED_FOR and abs(time.time() - self.wall - self.passed) < JUMP


_agreed: Agreed | None = None


def now() -> dt.datetime:
    """SQLite's clock is this machine's own; PostgreSQL's may be another's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    global _agreed
    agreed = _agreed
    if agreed is None or not agreed.holds:
        agreed = _agreed = Agreed(_asked(), time.monotonic(), time.time())
    return agreed.told + dt.timedelta(seconds=agreed.passed)


def _asked() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: dt.datetime = cursor.fetchone()[0]
    return told
