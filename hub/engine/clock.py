"""One clock for leases, whatever the machine: the database's. Asked for once a minute, not for every use."""

from __future__ import annotations

import datetime as dt
import time

from django.db import connection
from django.utils import timezone

AGREED_FOR = 60.0
_offset: tuple[float, dt.timedelta] | None = None


def now() -> dt.datetime:
    """SQLite's clock is this machine's own; PostgreSQL's may be another's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    global _offset
    if _offset is None or time.monotonic() - _offset[0] > AGREED_FOR:
        _offset = (time.monotonic(), _difference())
    return timezone.now() + _offset[1]


def _difference() -> dt.timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: dt.datetime = cursor.fetchone()[0]
    return told - timezone.now()
