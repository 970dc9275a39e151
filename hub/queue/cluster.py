"""django-q2's own processes, told what we want to hear of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.core.management import call_command
from django_q.conf import Conf
from django_q.signals import post_execute_in_worker, pre_execute

from hub.queue.doorbell import FORKING, Doorbell
from hub.queue.ringing import ring
from hub.queue.schedules import ensure_schedules
from hub.queue.stopping import heed_stops


def run_cluster(show: Callable[[str], None]) -> None:
    """Run django-q2 here until SIGTERM. `show` is told each sign of life: asks, took, started, beats, died.

    It begins with its schedules in order and with a look of its own: a bell that a killed cluster had taken rings again
    only after `retry` seconds.
    """
    Doorbell.show, Doorbell.free = show, FORKING.Semaphore(Conf.WORKERS)
    logging.getLogger("django-q").addFilter(_Deaths(show))
    pre_execute.connect(lambda **_: show("started"), weak=False)
    post_execute_in_worker.connect(lambda **_: Doorbell.let_go(), weak=False)
    heed_stops()
    ensure_schedules()
    ring()
    call_command("qcluster")


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
