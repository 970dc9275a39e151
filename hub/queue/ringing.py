"""Ringing: now, or at a later time; and whether anybody hears."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from hub.queue.doorbell import BEAT_KEY, Doorbell, notify, unanswered

WORK = "hub.tasks.work"
MOMENT = dt.timedelta(seconds=0.05)
"""Several workers who look at the same clock name nearly the same time; one bell is enough for them all."""


def ring() -> None:
    """Somebody should look for due work. Belongs into the transaction that made the work due.

    A bell that waits already is kept, not doubled. It is locked until we commit, so that no worker can answer it before
    our rows are there to be seen; on SQLite our write lock does the same. Who finds a bell held by somebody else rings
    another: the other one's may be answered before our rows are there, or never be rung, and to wait for it would let
    all doors wait for the slowest. A bell too many costs a look in vain.
    """
    with transaction.atomic():
        waiting = unanswered().select_for_update(skip_locked=True)
        if any(bell.func() == WORK for bell in waiting):
            notify()
        else:
            async_task(WORK)


def ring_later(seconds: float) -> None:
    """Somebody should look again then. A bell that rings in the meantime, or a moment after, is as good."""
    when = timezone.now() + dt.timedelta(seconds=seconds)
    if not OrmQ.objects.filter(key=Conf.CLUSTER_NAME, lock__lte=when + MOMENT).exists():
        broker = Doorbell()
        broker.rings_at = when
        async_task(WORK, broker=broker)


def bells() -> int:
    """How many tasks no worker has taken yet."""
    return int(unanswered().count())


def last_beat() -> dt.datetime | None:
    """When a worker on any machine last showed that it is alive."""
    beat: dt.datetime | None = cache.get(BEAT_KEY)
    return beat
