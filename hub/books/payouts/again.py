"""Open rows are matched again by themselves, about once a day: orders may have been posted since their file came."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from hub import queue
from hub.books.payouts.deciding import look_again
from hub.engine import clock
from hub.models import Deposit

RECENT = dt.timedelta(days=92)
"""What nothing has explained for so long, a person has to: the work must not grow with history."""
ONCE = dt.timedelta(hours=20)


def look_again_daily(until: float) -> int:
    """Until that moment of the monotonic clock, or until the stop; what is left is for the next call. Returns how many
    deposits were looked at."""
    looked = 0
    while not queue.is_over(until):
        deposit = _waiting().select_related("books").order_by("date", "pk").first()
        if deposit is None:
            break
        if _waiting().filter(pk=deposit.pk).update(looked_at=clock.now()):
            look_again(deposit)
            looked += 1
    return looked


def _waiting() -> QuerySet[Deposit]:
    not_tonight = Q(looked_at=None) | Q(looked_at__lt=clock.now() - ONCE)
    return Deposit.objects.filter(not_tonight, unexplained_rows__gt=0, date__gte=timezone.localdate() - RECENT)
