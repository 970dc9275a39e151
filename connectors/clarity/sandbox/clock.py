"""The site's clock: UTC, with fractions of a second, and as wrong as a test wants it."""

from __future__ import annotations

import datetime as dt

from connectors.sandbox import clock


def stamp(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(stamped: str) -> dt.datetime:
    return dt.datetime.fromisoformat(stamped)


class Clock(clock.Clock):
    def stamp(self) -> str:
        return stamp(self.now())
