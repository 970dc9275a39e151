"""Keeps a connection's calls within what its vendor allows, counted for all processes together.

The vendor's rate headers tell how many calls of a kind its current window still allows, and when that ends. Each kind
is one row (`RateBudget`). A process reserves a block of calls with one conditional update and spends it from memory, so
that most calls cost no statement. Where no limit was ever told, nothing is limited.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
from dataclasses import dataclass, replace
from threading import Lock

from django.db.models import QuerySet
from django.db.models.functions import Now

from connectors import clock
from connectors.errors import RateLimited
from connectors.models import Connection, RateBudget

BLOCK = 8
"""Calls that one process reserves at once. Fewer when less than ten times as many are left, for what others have
reserved and not yet spent is what the headers cannot tell."""
SPARE = 50
"""One call in so many is left alone: for those that set out in one window and arrive in the next, and for what others
take while ours are on their way."""
ROUNDING = 2.0
"""Seconds by which two answers about the end of one window may differ."""
FRESH = 1.0
"""Seconds for which a process remembers that a connection is not paused, or that no limit is known."""
JITTER = (0.05, 0.25)
"""Seconds added to the wait for the next window, so that not everybody comes back in the same moment."""
USED_UP, PAUSED = "budget", "paused"
"""Codes of a RateLimited that is our own: no call was made. The vendor's, upon a 429, is "rate_limited"."""
_processes: dict[int, Process] = {}


class SharedBudget:
    """The budget of one connection. `process` is what this process remembers of it, and of all others."""

    def __init__(self, connection_id: int, process: Process | None = None) -> None:
        self.connection_id = connection_id
        self.process = process or _processes.setdefault(os.getpid(), Process())

    def take(self, kind: str) -> None:
        """Raises RateLimited while the connection is paused, or when the window's calls are used up."""
        self.process.refuse_while_paused(self.connection_id)
        self.process.share(self.connection_id, kind).take()

    def learn(self, kind: str, *, limit: int, remaining: int, reset_in: float) -> None:
        """`reset_in` may be in whole seconds, rounded up."""
        if limit > 0:
            told = Told(limit, remaining - limit // SPARE, time.monotonic() + reset_in)
            self.process.share(self.connection_id, kind).learn(told)


class Process:
    """What one process remembers between calls, for all its threads. Lost with it: a few calls of one window."""

    def __init__(self) -> None:
        self._shares: dict[tuple[int, str], Share] = {}
        self._pauses: dict[int, tuple[float, dt.datetime | None]] = {}

    def share(self, connection_id: int, kind: str) -> Share:
        return self._shares.setdefault((connection_id, kind), Share(connection_id, kind))

    def refuse_while_paused(self, connection_id: int) -> None:
        until = self._paused_until(connection_id)
        wait = (until - clock.now()).total_seconds() if until else 0.0
        if wait > 0:
            raise RateLimited("this connection is paused", wait=wait, code=PAUSED)

    def _paused_until(self, connection_id: int) -> dt.datetime | None:
        """Only that it is open is remembered; a pause may have been ended by somebody else."""
        known = self._pauses.get(connection_id)
        if known and time.monotonic() < known[0] and known[1] is None:
            return None
        until = Connection.objects.values_list("paused_until", flat=True).get(pk=connection_id)
        self._pauses[connection_id] = time.monotonic() + FRESH, until
        return until


@dataclass
class Told:
    """What the newest rate headers said, less what is left alone and what this process has spent since. `ends` is on
    its monotonic clock."""

    limit: int
    remaining: int
    ends: float

    def after(self, earlier: Told | None) -> Told:
        """Of all that is told of one window, each rounded up, the earliest end is the nearest to the truth."""
        if earlier is None or earlier.ends <= time.monotonic() or self.ends >= earlier.ends + ROUNDING:
            return self
        return replace(self, ends=min(self.ends, earlier.ends))


@dataclass(frozen=True)
class Window:
    """The one that is running now, and the calls of it that nobody has reserved."""

    limit: int
    left: int
    ends_in: float

    @property
    def block(self) -> int:
        return min(self.left, max(self.left // 10, 1), BLOCK)


class Share:
    """The calls of one kind that this process has reserved and not yet spent."""

    def __init__(self, connection_id: int, kind: str) -> None:
        self.connection_id, self.kind = connection_id, kind
        self._lock = Lock()
        self._told: Told | None = None
        self._calls, self._until, self._shut_until = 0, 0.0, 0.0

    def take(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now >= self._shut_until and (not self._calls or now >= self._until):
                self._reserve()
            if not self._calls:
                raise _used_up(self._shut_until - now)
            self._calls -= 1
            if self._told:
                self._told.remaining -= 1

    def learn(self, told: Told) -> None:
        """The vendor knows better, for it also counts the calls of others than us."""
        with self._lock:
            self._told = told.after(self._told)
            held = 0 if self._calls > BLOCK else self._calls  # it was unlimited, as far as we knew
            self._calls = max(min(held, told.remaining), 0)

    def _reserve(self) -> None:
        """Committed at once: no transaction is open when the calls are made."""
        window = None
        while window is None:
            row = self._rows().filter(limit__gt=0).annotate(clock=Now()).first()
            if row:
                window = self._reserved(row)
            elif self._told:
                self._open(self._told.limit)
            else:
                self._calls, self._until = sys.maxsize, time.monotonic() + FRESH
                return
        ends = time.monotonic() + window.ends_in
        self._calls, self._until = window.block, ends
        self._shut_until = 0.0 if window.block else ends

    def _reserved(self, row: RateBudget) -> Window | None:
        """None = another process came first."""
        window = running(row, row.clock, self._told)  # type: ignore[attr-defined]
        same = RateBudget.objects.filter(pk=row.pk, left=row.left, ends_at=row.ends_at)
        done = same.update(
            limit=window.limit,
            left=window.left - window.block,
            ends_at=row.clock + dt.timedelta(seconds=window.ends_in),  # type: ignore[attr-defined]
            seconds=max(row.seconds, window.ends_in),
        )
        return window if done else None

    def _open(self, limit: int) -> None:
        """As one whose window is long over: what the vendor told makes a new one of it. Whoever dies before that has
        left a limit that others can go on with; our first versions left one of nothing."""
        over = {"limit": limit, "left": 0, "seconds": 0.0, "ends_at": dt.datetime.fromtimestamp(0, dt.UTC)}
        if not self._rows().filter(limit=0).update(**over):
            RateBudget.objects.get_or_create(connection_id=self.connection_id, kind=self.kind, defaults=over)

    def _rows(self) -> QuerySet[RateBudget]:
        return RateBudget.objects.filter(connection=self.connection_id, kind=self.kind)


def running(row: RateBudget, clock: dt.datetime, told: Told | None) -> Window:
    """The vendor's word on the window that is running outweighs ours; its word on one that has ended only tells the
    limit. Until it speaks of the next one, that one is taken to last as long as the longest that was seen."""
    limit = told.limit if told else row.limit
    left, ends_in = row.left, (row.ends_at - clock).total_seconds()
    if ends_in <= 0:
        left, ends_in = limit - limit // SPARE, row.seconds
    told_ends_in = told.ends - time.monotonic() if told else 0.0
    if told and told_ends_in > 0:
        left, ends_in = max(min(left, told.remaining), 0), told_ends_in
    return Window(limit, left, ends_in)


def _used_up(seconds: float) -> RateLimited:
    wait = seconds + random.uniform(*JITTER)  # noqa: S311
    message = f"all calls that the other side allows for now are used; it goes on by itself in {wait:.0f} s"
    return RateLimited(message, wait=wait, code=USED_UP)
