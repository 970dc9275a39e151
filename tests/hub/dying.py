"""Processes that die in the middle: a forked child works on the test's own database and sandboxes, and is killed with
SIGKILL, so that nothing runs after it: no `finally`, no settling."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from connectors import http
from connectors.models import Connection
from hub.engine import clock
from hub.intake.ringing import ringer
from hub.intake.storing import scribe
from hub.models import Event, Posting, SyncRecord, WebhookRequest

EVERY = int(os.environ.get("POINTS_EVERY", "1"))
"""From one point at which a process is killed to the next: `make test` leaves some out, `make chaos` none."""
FAILED = 70
"""How a child ends that raised."""


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_child(work: Callable[[], object]) -> bool:
    """True if it was killed. Its database connections are its own: ours are closed before, and opened again by need."""
    return ended(start_child(work))


def start_child(work: Callable[[], object]) -> int:
    """No thread of ours may have the database open when we fork: SQLite would believe in its locks in both."""
    scribe.dismiss()
    ringer.dismiss()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(FAILED)
        os._exit(0)
    return child


def ended(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child raised; see its traceback above"
    return os.WIFSIGNALED(status)


def killed_at(point: int, work: Callable[[], object]) -> bool:
    """Every database statement and every outbound call is a point. False if the work was over before."""
    fuse = Fuse(point)

    def burning() -> None:
        http.before_send.append(fuse.burn)
        with connection.execute_wrapper(fuse.statement):
            work()

    return in_a_child(burning)


class Fuse:
    """Burns down with each point, then kills the process that it is in."""

    def __init__(self, points: int) -> None:
        self.points = points

    def burn(self, *_: Any) -> None:
        self.points -= 1
        if self.points == 0:
            die()

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.burn()
        return execute(*args)


def time_passes() -> None:
    """Leases, pauses and waits run out."""
    now = clock.now()
    SyncRecord.objects.exclude(owner="").update(lease_until=now)
    Posting.objects.exclude(owner="").update(lease_until=now)
    SyncRecord.objects.filter(due_at__gt=now).update(due_at=now)
    Event.objects.filter(resolve_at__gt=now).update(resolve_at=now)
    WebhookRequest.objects.filter(retry_at__gt=now).update(retry_at=now)
    for end in ("paused_until", "spent_until", "lease_until"):
        Connection.objects.filter(**{f"{end}__gt": now}).update(**{end: now})
