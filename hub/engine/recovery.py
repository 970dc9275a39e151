"""After a restored backup the journal is older than the books: look before every create, and read again what changed.

It costs some reading, and nothing else: doing it once too often changes no books.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hub import queue
from hub.engine import clock
from hub.intake.cursors import read_again
from hub.models import Flow, SyncRecord

CLOCKS_APART = dt.timedelta(minutes=10)
"""A store's clock may be ahead of ours, so that what it placed before now bears a later time."""
OVERLAP = dt.timedelta(hours=1)
"""What was under way when the backup was made may bear an earlier time."""
UNSETTLED = (SyncRecord.State.PENDING, SyncRecord.State.WORKING, SyncRecord.State.WAITING)


@dataclass(frozen=True)
class Recovered:
    """What was done, for people."""

    look_before: dt.datetime
    read_from: dt.datetime
    flows: int
    cursors: int
    records: int

    def told(self) -> Iterator[str]:
        yield (
            f"{_counted(self.flows, 'flow')} will look in the books before anything is made there for what was placed "
            f"before {moment(self.look_before)}."
        )
        yield (
            f"What changed since {moment(self.read_from)} is read again with the next poll "
            f"({_counted(self.cursors, 'list')})."
        )
        yield f"{_counted(self.records, 'unsettled record')} will be worked on now."


def recover(since: dt.datetime) -> Recovered:
    """Distrust what the journal does not know of, for all flows into all books. Safe to repeat."""
    with transaction.atomic():
        look_before, read_from = clock.now() + CLOCKS_APART, since - OVERLAP
        done = Recovered(
            look_before=look_before,
            read_from=read_from,
            flows=Flow.objects.update(look_before=look_before),
            cursors=read_again(read_from),
            records=_make_due(),
        )
        queue.ring()
    return done


def moment(when: dt.datetime) -> str:
    return f"{timezone.localtime(when):%d %b %Y %H:%M}"


def _make_due() -> int:
    """What another worker is at right now stays with it."""
    now = clock.now()
    free = Q(owner="") | Q(lease_until__lt=now)
    return SyncRecord.objects.filter(free, state__in=UNSETTLED).update(due_at=now)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
