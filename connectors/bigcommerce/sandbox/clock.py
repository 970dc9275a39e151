"""The store's clock: UTC, to the second, and as wrong as a test wants it. V2 writes RFC 2822, V3 writes ISO 8601."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime, parsedate_to_datetime


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


class Clock:
    """`skew` is how many seconds the store is ahead of us. Played trade may carry the clock on, never back."""

    def __init__(self, skew: Callable[[], float]) -> None:
        self._skew = skew
        self._ahead = dt.timedelta()
        self._played: dt.datetime | None = None

    def server_time(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._skew()) + self._ahead

    def now(self) -> dt.datetime:
        """The instant of the write being made: the store's time, unless a scene is being played."""
        return (self._played or self.server_time()).replace(microsecond=0)

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
