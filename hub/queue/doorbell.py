"""The broker: how a cluster waits for bells, and takes them."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.synchronize import Semaphore
from typing import Any, ClassVar

import psycopg
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from hub.queue.schedules import mend_schedules

CHANNEL = "countinghouse_bell"
FALLBACK = 1.0
"""Seconds after which a worker looks without having been told: a bell's lock may have run out."""
GLANCE = 0.01
"""Seconds between two glances at whether SQLite has changed."""
BEAT_EVERY = 5.0
FORKING = multiprocessing.get_context("fork")
"""As django-q2 makes its processes."""
BEAT_KEY = "countinghouse-worker-beat"


class Doorbell(ORM):  # type: ignore[misc] # django-q2 has no types
    """The ORM broker, with four differences: it sleeps until something happens and never fights for a row; it
    takes a task only where a worker is free, since another machine's may be; it shows that it is alive; and it keeps
    one beat for all clusters instead of writing statistics twice a second."""

    show: ClassVar[Callable[[str], None] | None] = None
    free: ClassVar[Semaphore | None] = None
    """The workers of this cluster that have nothing to do."""
    _ears: psycopg.Connection[Any] | None = None
    _beaten = 0.0

    rings_at: dt.datetime | None = None

    def enqueue(self, task: str) -> int:
        with transaction.atomic():  # nobody hears a bell for later before it knows its time
            pk = super().enqueue(task)
            if self.rings_at:
                OrmQ.objects.filter(pk=pk).update(lock=self.rings_at)
            notify()
        return int(pk)

    def dequeue(self) -> list[tuple[int, str]]:
        """The next tasks, or none after a short wait."""
        self._show("asks")
        if self.free and not self.free.acquire(timeout=FALLBACK):
            return []
        taken: list[tuple[int, str]] = []
        try:
            taken = self._taken()
        finally:
            if not taken:
                self.let_go()
        for _ in taken:
            self._show("took")
        return taken

    def fail(self, task_id: int) -> None:
        """A task that cannot be read keeps no worker busy."""
        super().fail(task_id)
        self.let_go()

    @classmethod
    def let_go(cls) -> None:
        if cls.free:
            cls.free.release()

    def set_stat(self, key: str, value: str, timeout: int) -> None:
        self._show("beats")
        if time.monotonic() - self._beaten >= BEAT_EVERY:
            self._beaten = time.monotonic()
            self.get_connection()  # the database may have been away
            cache.set(BEAT_KEY, timezone.now(), timeout=None)
            mend_schedules()

    def _taken(self) -> list[tuple[int, str]]:
        self.get_connection()  # closes a connection that has grown too old
        wait = self._listen() if connection.vendor == "postgresql" else _watch()
        taken = self._claimed()  # only now, so that nothing rings unheard in between
        if not taken:
            wait(_until_next())
        return taken

    def _claimed(self) -> list[tuple[int, str]]:
        if connection.vendor == "sqlite" and not unanswered().exists():
            return []  # without its one lock, which a transaction would take
        with transaction.atomic():
            rows = list(unanswered().select_for_update(skip_locked=True).order_by("id")[: Conf.BULK])
            OrmQ.objects.filter(pk__in=[row.pk for row in rows]).update(lock=self.timeout(None))
        return [(row.pk, row.payload) for row in rows]

    def _listen(self) -> Callable[[float], None]:
        """How to wait on PostgreSQL: until it tells."""
        ears = self._listening()

        def wait(seconds: float) -> None:
            for _ in ears.notifies(timeout=seconds, stop_after=1):
                return

        return wait

    def _listening(self) -> psycopg.Connection[Any]:
        """A connection of its own: Django closes and replaces its connections, and would forget to listen."""
        if self._ears is None or self._ears.closed:
            self._ears = psycopg.connect(**connections[Conf.ORM].get_connection_params(), autocommit=True)
            self._ears.execute(f"LISTEN {CHANNEL}")
        return self._ears

    def _show(self, sign: str) -> None:
        if Doorbell.show is not None:
            Doorbell.show(sign)


def unanswered() -> Any:
    return OrmQ.objects.filter(key=Conf.CLUSTER_NAME, lock__lte=timezone.now())


def notify() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def _until_next() -> float:
    """Seconds until the next bell rings by itself, such as one for a retry; at most until we look anyway."""
    now = timezone.now()
    soon = OrmQ.objects.filter(key=Conf.CLUSTER_NAME, lock__gt=now, lock__lte=now + dt.timedelta(seconds=FALLBACK))
    lock = soon.order_by("lock").values_list("lock", flat=True).first()
    return (lock - now).total_seconds() if lock else FALLBACK


def _watch() -> Callable[[float], None]:
    """How to wait on SQLite: until another connection has committed something. To ask for that costs microseconds."""
    before = _commits()

    def wait(seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and _commits() == before:
            time.sleep(GLANCE)

    return wait


def _commits() -> int:
    """Changes with every commit of others."""
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA data_version").fetchone()[0])
