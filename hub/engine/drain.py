"""A worker's round: claim what is due and work on it, several records at once, until nothing is due or time is up."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections

from hub.engine import epoch
from hub.engine.crew import Crew

DRAIN_SECONDS = 45.0
"""Below the task's own time limit; what is left then rings again."""


def drain(
    seconds: float = DRAIN_SECONDS,
    *,
    threads: int | None = None,
    when_full: Callable[[], None] = lambda: None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Work until nothing is due or the time is up; returns how many attempts were made. `when_full` is called once if
    more is due than these threads can begin. Once `stopping()` holds, only what was claimed is worked on."""
    close_old_connections()
    epoch.watch()
    crew = Crew(settings.THREADS if threads is None else threads, time.monotonic() + seconds, when_full, stopping)
    made = crew.work_until_idle()
    if made:
        epoch.advance()
    return made
