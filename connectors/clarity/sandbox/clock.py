"""The site's clock: UTC, with fractions of a second, and as wrong as a test wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime


def stamp(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(stamped: str) -> dt.datetime:
    return dt.datetime.fromisoformat(stamped)


class Clock:
    """`skew` is how many seconds the site is ahead of us. Played trade may carry the clock on, never back."""

    def __init__(self, skew: Callable[[], float]) -> None:
        self._skew = skew
        self._ahead = dt.timedelta()
        self._played: dt.datetime | None = None

    def server_time(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._skew()) + self._ahead

    def real_time(self) -> dt.datetime:
        """Of the machine that sends: a day that was played may lie anywhere."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._skew())

    def now(self) -> dt.datetime:
        """The instant of the write being made: the site's time, unless a scene is being played."""
        return self._played or self.server_time()

    def stamp(self) -> str:
        return stamp(self.now())

    def http_date(self) -> str:
        return format_datetime(self.server_time().replace(microsecond=0), usegmt=True)

    @contextmanager
    def at(self, scene: dt.datetime) -> Iterator[None]:
        """Everything written inside happens at this instant. The `Date` header never shows it."""
        before, self._played = self._played, scene
        try:
            yield
        finally:
            self._played = before

    def not_before(self, reached: dt.datetime) -> None:
        """A day played in the future has passed once it was played."""
        self._ahead += max(reached - self.server_time(), dt.timedelta())
