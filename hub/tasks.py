"""What the queue calls. Tasks carry no data: the rows say what is to be done."""

from __future__ import annotations

import time

from django.utils import timezone

from hub import queue
from hub.engine import drain as engine
from hub.engine.claim import due
from hub.engine.schedule import seconds_until_due
from hub.intake.housekeeping import prune
from hub.intake.inbox import take_up_stored
from hub.intake.polling import poll_each, polled_connections
from hub.intake.resolving import unresolved_due

POLLING_SECONDS = 45.0
"""Below the task's own time limit, with room for the calls that are being made when it is over."""

SWEEP_SECONDS = 60
"""What is due later than this, the sweep finds."""


def work() -> None:
    """Drain what is due; then see to it that somebody looks when the next thing is."""
    engine.drain()
    rest = seconds_until_due()
    if rest is not None and rest <= 0:
        queue.ring()
    elif rest is not None and rest <= SWEEP_SECONDS:
        queue.ring_later(rest)


def sweep() -> None:
    """Every minute: find what is due even if every bell was lost, take up what a killed process had only stored, and
    throw away what is no longer needed."""
    if due(timezone.now()).exists() or unresolved_due().exists():
        queue.ring()
    take_up_stored()
    prune()


def poll_all() -> None:
    """Every few minutes: webhooks may be late, or never come. What does not fit into this round is for the next."""
    for _ in poll_each(polled_connections(), until=time.monotonic() + POLLING_SECONDS):
        pass
