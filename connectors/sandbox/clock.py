"""A simulated server's clock: as wrong as a test wants it, and carried on by the days that are played."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime


class Clock:
    """`skew` is how many seconds the server is ahead of us. Played trade may carry the clock on, never back."""

    def __init__(self, skew: Callable[[], float] = float) -> None:
        self._skew = skew
        self._ahead = dt.timedelta()
        self._reached = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._played: dt.datetime | None = None

    def real_time(self) -> dt.datetime:
        """Of the machine that sends: a day that was played may lie anywhere."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._skew())

    def server_time(self) -> dt.datetime:
        return self.real_time() + self._ahead

    def now(self) -> dt.datetime:
        """The instant of the write being made: the server's time, unless a scene is being played."""
        return self._played or self.server_time()

    def http_date(self) -> str:
        return format_datetime(self.server_time().replace(microsecond=0), usegmt=True)

    @contextmanager
    def at(self, scene: dt.datetime) -> Iterator[None]:
        """Everything written inside happens at this instant, or at the end of a day that was played in the future where
        that is later. The `Date` header never shows it."""
        before, self._played = self._played, max(scene, self._reached)
        try:
            yield
        finally:
            self._played = before

    def not_before(self, reached: dt.datetime) -> None:
        """A day played in the future has passed once it was played."""
        ahead = reached - self.server_time()
        if ahead > dt.timedelta():
            self._ahead += ahead
            self._reached = reached
