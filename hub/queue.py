"""The doorbell: django-q2 with its ORM broker. Tasks carry no data; losing one costs at most one sweep.

A bell is a row in the database, written in the transaction of what it rings for. Many notices, one bell. What is due is
in our own rows: the bell only says "look". This is the one module that knows django-q2.
"""

from __future__ import annotations

import datetime as dt
import logging
import multiprocessing
import re
import time
from collections.abc import Callable
from multiprocessing.synchronize import Semaphore
from typing import Any, ClassVar

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.signals import post_execute_in_worker, pre_execute
from django_q.tasks import async_task

WORK = "hub.tasks.work"
CHANNEL = "countinghouse_bell"
FALLBACK = 1.0
"""Seconds after which a worker looks without having been told: a bell's lock may have run out."""
GLANCE = 0.01
"""Seconds between two glances at whether SQLite has changed."""
BEAT_EVERY = 5.0
FORKING = multiprocessing.get_context("fork")
"""As django-q2 makes its processes."""
BEAT_KEY = "countinghouse-worker-beat"


def ring() -> None:
    """Somebody should look for due work. Belongs into the transaction that made the work due.

    A bell that waits already is kept, not doubled. It is locked until we commit, so that no worker can answer it before
    our rows are there to be seen; on SQLite our write lock does the same.
    """
    with transaction.atomic():
        waiting = _unanswered().select_for_update(skip_locked=True)
        if any(bell.func() == WORK for bell in waiting):
            _notify()
        else:
            async_task(WORK)


def ring_later(seconds: float) -> None:
    """Somebody should look again then. A bell that rings in the meantime is as good."""
    when = timezone.now() + dt.timedelta(seconds=seconds)
    if not OrmQ.objects.filter(key=Conf.CLUSTER_NAME, lock__lte=when).exists():
        broker = Doorbell()
        broker.rings_at = when
        async_task(WORK, broker=broker)


def bells() -> int:
    """How many tasks no worker has taken yet."""
    return int(_unanswered().count())


def last_beat() -> dt.datetime | None:
    """When a worker on any machine last showed that it is alive."""
    beat: dt.datetime | None = cache.get(BEAT_KEY)
    return beat


def ensure_schedules(**_: Any) -> None:
    """What is done by the clock. One unreadable row stops every schedule of django-q2, so all fields are set again."""
    with transaction.atomic():
        for name, (minutes, task) in _scheduled().items():
            _every(minutes, name, task)


def mend_schedules() -> None:
    """A clock that was ahead and was put right leaves schedules that are planned for a far day: they run now."""
    now = timezone.now()
    for schedule in Schedule.objects.filter(name__in=_scheduled(), schedule_type=Schedule.MINUTES):
        if schedule.next_run > now + dt.timedelta(minutes=schedule.minutes):
            Schedule.objects.filter(pk=schedule.pk).update(next_run=now)


def run_cluster(show: Callable[[str], None]) -> None:
    """Run django-q2 here until SIGTERM. `show` is told each sign of life: asks, took, started, beats, died.

    It begins with its schedules in order and with a look of its own: a bell that a killed cluster had taken rings again
    only after `retry` seconds.
    """
    Doorbell.show, Doorbell.free = show, FORKING.Semaphore(Conf.WORKERS)
    logging.getLogger("django-q").addFilter(_Deaths(show))
    pre_execute.connect(lambda **_: show("started"), weak=False)
    post_execute_in_worker.connect(lambda **_: Doorbell.let_go(), weak=False)
    ensure_schedules()
    ring()
    call_command("qcluster")


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
        pk = super().enqueue(task)
        if self.rings_at:
            OrmQ.objects.filter(pk=pk).update(lock=self.rings_at)
        _notify()
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
        if connection.vendor == "sqlite" and not _unanswered().exists():
            return []  # without its one lock, which a transaction would take
        with transaction.atomic():
            rows = list(_unanswered().select_for_update(skip_locked=True).order_by("id")[: Conf.BULK])
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


class _Deaths(logging.Filter):
    """A cluster in which a worker or the monitor died may be deaf for ever: the dead one can hold the lock of the queue
    that it read from (django-q2 #23). One that was ended after its time limit may even live on, if it was stopped, and
    hold locks of the database. Nothing but the log tells. A new pusher is fine."""

    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show = show

    def filter(self, record: logging.LogRecord) -> bool:
        if re.search("reincarnated (worker|monitor)", record.getMessage()):
            self._show("died")
        return True


def _unanswered() -> Any:
    return OrmQ.objects.filter(key=Conf.CLUSTER_NAME, lock__lte=timezone.now())


def _notify() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def _scheduled() -> dict[str, tuple[int, str]]:
    """Name → minutes from one run to the next, and the task."""
    return {
        "sweep": (1, "hub.tasks.sweep"),
        "poll": (max(1, round(settings.POLL_SECONDS / 60)), "hub.tasks.poll_all"),
        "completeness": (10, "hub.tasks.count_tonight"),
        "silence": (5, "hub.tasks.hear_silence"),
    }


def _every(minutes: int, name: str, task: str) -> None:
    settled = {
        "func": task,
        "schedule_type": Schedule.MINUTES,
        "minutes": minutes,
        "repeats": -1,
        "args": None,
        "kwargs": None,
    }
    if not Schedule.objects.filter(name=name).update(**settled):
        Schedule.objects.create(name=name, **settled)
