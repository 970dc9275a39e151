"""What the queue calls. Tasks carry no data: the rows say what is to be done."""

from __future__ import annotations

from django.utils import timezone

from hub import queue
from hub.engine import drain as engine
from hub.engine.claim import due
from hub.engine.schedule import seconds_until_due
from hub.intake.housekeeping import prune
from hub.intake.polling import poll, polled_connections
from hub.intake.resolving import unresolved_due

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
    """Every minute: find what is due even if every bell was lost, and throw away what is no longer needed."""
    if due(timezone.now()).exists() or unresolved_due().exists():
        queue.ring()
    prune()


def poll_all() -> None:
    """Every few minutes: webhooks may be late, or never come."""
    for connection in polled_connections():
        poll(connection)
