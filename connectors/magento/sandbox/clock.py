"""The server's clock: UTC, shown to the second, and as wrong as a test wants it."""

from __future__ import annotations

import datetime as dt

from connectors.sandbox import clock


def stamp(instant: dt.datetime) -> str:
    """As the database prints it: UTC, no zone marker."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


def instant(stamped: str) -> dt.datetime:
    return dt.datetime.strptime(stamped, "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.UTC)


class Clock(clock.Clock):
    def stamp(self) -> str:
        return stamp(self.now())
