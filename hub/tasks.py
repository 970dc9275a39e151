"""What the queue calls. Tasks carry no data: the rows say what is to be done."""

from __future__ import annotations

from django.utils import timezone

from hub import queue
from hub.engine import drain as engine
from hub.engine.claim import due
from hub.intake.housekeeping import prune
from hub.intake.polling import poll, polled_connections
from hub.intake.resolving import unresolved_due


def work() -> None:
    """Drain what is due; ring again if time ran out first."""
    engine.drain()
    if due(timezone.now()).exists():
        queue.ring()


def sweep() -> None:
    """Every minute: find what is due even if every bell was lost, and throw away what is no longer needed."""
    if due(timezone.now()).exists() or unresolved_due().exists():
        queue.ring()
    prune()


def poll_all() -> None:
    """Every few minutes: webhooks may be late, or never come."""
    for connection in polled_connections():
        poll(connection)
