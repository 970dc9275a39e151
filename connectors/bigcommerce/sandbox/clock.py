"""The store's clock: UTC, to the second, and as wrong as a test wants it. V2 writes RFC 2822, V3 writes ISO 8601."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

from connectors.sandbox import clock


def rfc2822(instant: dt.datetime) -> str:
    """`Tue, 05 Mar 2019 21:40:11 +0000`."""
    return instant.astimezone(dt.UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")


def iso(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def zulu(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(written: str) -> dt.datetime:
    """In any of the forms. Raises ValueError."""
    try:
        found = dt.datetime.fromisoformat(written)
    except ValueError:
        found = parsedate_to_datetime(written)
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


class Clock(clock.Clock):
    def now(self) -> dt.datetime:
        """To the second."""
        return super().now().replace(microsecond=0)
