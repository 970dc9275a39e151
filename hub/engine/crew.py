"""The threads of one drain, and the records that they have claimed. The caller's own thread is the first, and enough
for one record; the others come when there is more, each with a database connection of its own."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from django.db import connection

from hub.books.payouts.rounds import advance_due as take_in_payouts
from hub.books.reconciliation.rounds import advance_due as reconcile_due
from hub.engine.claim import POISON, Claim, claim, settle
from hub.engine.outcomes import Outcome
from hub.engine.probing import probe_away
from hub.engine.run import attempt
from hub.intake.backfill.rounds import advance_due
from hub.intake.inbox import take_up_stored
from hub.intake.resolving import resolve_due

SUSPECTS_SECONDS = 1.0
"""However much there is to do: those who must wait for the others to be done would else wait for ever."""


class Crew:
    """Records are claimed several at once, since that costs hardly more than one: as many as threads are free, and half
    as many again as there are threads; once all have work, the next one for each. So whoever dies leaves few that
    were claimed and not begun.

    `size` counts the threads at work, the caller's own among them. `when_full` is called once, when all have work and
    more was claimed. Nothing more is claimed after the deadline, nor once `stopping()` holds.
    """

    def __init__(
        self, threads: int, deadline: float, when_full: Callable[[], None], stopping: Callable[[], bool]
    ) -> None:
        self.threads, self.deadline, self.when_full, self.stopping = threads, deadline, when_full, stopping
        self.size, self.made = 0, 0
        self._pool = ThreadPoolExecutor(threads)
        self._helpers: list[Future[None]] = []
        self._claims: deque[Claim] = deque()
        self._lock = Lock()

    def work_until_idle(self) -> int:
        """Returns how many attempts were made."""
        with self._pool:
            self._join()
            if not self._helpers and _ask_around():
                self._join()
            for helper in self._helpers:  # more join while they work, as long as the pool is open
                helper.result()
        return self.made + self._suspects()

    def _join(self) -> None:
        with self._lock:
            self.size += 1
        self._work()

    def _work(self) -> None:
        while claimed := self._next():
            work_on(claimed)

    def _next(self) -> Claim | None:
        with self._lock:
            if not self._claims and self._may_claim(self.deadline):
                self._claim()
            if not self._claims:
                self.size -= 1
                return None
            self.made += 1
            return self._claims.popleft()

    def _claim(self) -> None:
        """Also of what a webhook has told meanwhile: live work does not wait for the end of a long drain."""
        take_up_stored()
        free = self.threads - self.size
        ahead = self.threads // 2 if free else self.threads - 1
        self._claims.extend(claim(1 + free + ahead))
        called = min(len(self._claims) - 1, free)
        if called > 0:
            self._call(called)
        if len(self._claims) > 1 + free:
            self._full()

    def _call(self, called: int) -> None:
        """Asking goes on beside the work: a store that does not answer holds nobody up."""
        if not self._helpers:
            self._helpers.append(self._pool.submit(_closing, self._ask))
        self.size += called
        self._helpers += [self._pool.submit(_closing, self._work) for _ in range(called)]

    def _ask(self) -> None:
        if _ask_around():
            self._join()

    def _full(self) -> None:
        when_full, self.when_full = self.when_full, lambda: None
        when_full()

    def _may_claim(self, until: float) -> bool:
        return time.monotonic() < until and not self.stopping()

    def _suspects(self) -> int:
        """One at a time, and nothing beside: whatever kills its workers takes no innocents along."""
        made, until = 0, max(self.deadline, time.monotonic() + SUSPECTS_SECONDS)
        while self._may_claim(until) and (claims := claim(suspects=True)):
            work_on(claims[0])
            made += 1
        return made


def _closing(call: Callable[[], None]) -> None:
    """A thread's database connection ends with the thread."""
    try:
        call()
    finally:
        connection.close()


def _ask_around() -> int:
    """Whether those who went away are back, who the notices that name their records otherwise are about, what the
    sources list for the backfills, what both sides say for the reconciliations, and what gateways' files hold."""
    return probe_away() + resolve_due() + advance_due() + reconcile_due() + take_in_payouts()


def work_on(claimed: Claim) -> None:
    """One attempt, unless this record has taken its workers with it too often."""
    if claimed.record.starts > POISON:
        settle(claimed, poisoned(claimed))
    else:
        attempt(claimed)


def poisoned(claimed: Claim) -> Outcome:
    message = f"{POISON} workers died while they worked on this record, so it is put aside"
    remedy = "Tell an engineer; the attempts below show where it stopped."
    return Outcome("failed", "poison", message, "poison", {"remedy": remedy})
