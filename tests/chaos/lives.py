"""What a forked process does with its life, until its fuse has burnt down or it is told to stop."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection

from connectors import http
from connectors.base import Webhook
from connectors.models import Connection
from hub.engine.drain import drain
from hub.engine.probing import probe_away
from hub.intake.inbox import receive, take_up_stored
from hub.intake.polling import poll_each, polled_connections, sources
from tests.chaos.clockwork import begin_jumping
from tests.chaos.fuses import at_each_point
from tests.hub.dying import Fuse

FINE, RAISED = 0, 127
"""Who raised has read no store: every bit is set."""
REST = 0.25
"""Seconds between two rounds of a worker that found nothing."""


def live(*, id: int, do: str, points: int = 0, clock: str = "", **how: Any) -> int:
    """Returns the exit status. `points`: when to die; 0 = never."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(FINE))
    random.seed(os.urandom(8))  # else all that were forked roll the same dice
    http.before_send.append(refuse_transactions)
    if clock:
        begin_jumping(clock)
    if points:
        at_each_point(Fuse(points).burn)
    try:
        return DEEDS[do](**how)
    except BaseException:
        traceback.print_exc()
        return RAISED


def refuse_transactions(method: str, url: str) -> None:
    assert not connection.in_atomic_block, f"{method} {url} was sent while a transaction was open"


def work(threads: int = 1) -> int:
    """As long as it lives."""
    while True:
        if not drain(threads=threads):
            time.sleep(REST)


def drain_once() -> int:
    drain(threads=1)
    return FINE


def poll() -> int:
    """Once; and says which stores were not read to their end: a bit for each, by their names."""
    probe_away()
    read = {one.connection.pk for one in poll_each(polled_connections()) if not one.problem}
    return sum(1 << place for place, store in enumerate(sources().order_by("name")) if store.pk not in read)


def take_up() -> int:
    take_up_stored()
    return FINE


def receive_one(name: str, body: str, headers: dict[str, str]) -> int:
    """As the web server does with what a vendor tells."""
    lowered = {header.lower(): value for header, value in headers.items()}
    receive(Connection.objects.get(name=name), Webhook(body.encode(), lowered))
    return FINE


DEEDS: dict[str, Callable[..., int]] = {
    "work": work,
    "drain": drain_once,
    "poll": poll,
    "take_up": take_up,
    "receive": receive_one,
}
