"""What is done by the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule


def ensure_schedules(**_: Any) -> None:
    """One unreadable row stops every schedule of django-q2, so all fields are set again."""
    with transaction.atomic():
        for name, (minutes, task) in _scheduled().items():
            _every(minutes, name, task)


def mend_schedules() -> None:
    """A clock that was ahead and was put right leaves schedules that are planned for a far day: they run now."""
    now = timezone.now()
    for schedule in Schedule.objects.filter(name__in=_scheduled(), schedule_type=Schedule.MINUTES):
        if schedule.next_run > now + dt.timedelta(minutes=schedule.minutes):
            Schedule.objects.filter(pk=schedule.pk).update(next_run=now)


def _scheduled() -> dict[str, tuple[int, str]]:
    """Name → minutes from one run to the next, and the task."""
    return {
        "sweep": (1, "hub.tasks.sweep"),
        "poll": (max(1, round(settings.POLL_SECONDS / 60)), "hub.tasks.poll_all"),
        "completeness": (10, "hub.tasks.count_tonight"),
        "silence": (5, "hub.tasks.hear_silence"),
        "rates": (60, "hub.tasks.ask_for_rates"),
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
