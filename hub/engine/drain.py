"""A worker's round: claim what is due and work on it, several records at once, until nothing is due or time is up."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import close_old_connections, connection

from hub.engine.claim import POISON, Claim, claim, settle
from hub.engine.outcomes import Outcome
from hub.engine.run import attempt
from hub.intake.resolving import resolve_due

DRAIN_SECONDS = 45.0
"""Below the task's own time limit; what is left then rings again."""


def drain(seconds: float = DRAIN_SECONDS, *, threads: int | None = None) -> int:
    """Work until nothing is due or the time is up; returns how many attempts were made."""
    deadline = time.monotonic() + seconds
    threads = settings.THREADS if threads is None else threads
    if threads <= 1:
        resolve_due()
        made = _work(deadline)
    else:
        made = _in_threads(deadline, threads)
    return made + _work(deadline, suspects=True)


def _in_threads(deadline: float, threads: int) -> int:
    """Asking who a notice is about goes on beside the work: a store that does not answer holds nobody up."""
    with ThreadPoolExecutor(threads + 1) as pool:
        pool.submit(_closing, resolve_due)
        return sum(pool.map(lambda _: _closing(lambda: _work(deadline)), range(threads)))


def _closing(call: Callable[[], int]) -> int:
    """A thread's database connection ends with the thread."""
    try:
        return call()
    finally:
        connection.close()


def _work(deadline: float, *, suspects: bool = False) -> int:
    made = 0
    while time.monotonic() < deadline:
        claims = claim(1, suspects=suspects)
        if not claims:
            break
        close_old_connections()
        work_on(claims[0])
        made += 1
    return made


def work_on(claimed: Claim) -> None:
    """One attempt, unless this record has taken its workers with it too often."""
    if claimed.record.starts > POISON:
        settle(claimed, poisoned(claimed))
    else:
        attempt(claimed)


def poisoned(claimed: Claim) -> Outcome:
    message = f"{POISON} workers died while they worked on this record, so it is put aside"
    return Outcome(
        "failed", "poison", message, "poison", {"remedy": "Tell an engineer; the attempts below show where it stopped."}
    )
