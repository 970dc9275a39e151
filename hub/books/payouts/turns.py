"""Which file, and which deposit's fees, have something to do, and when."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q, QuerySet

from connectors.models import Connection
from hub.engine import clock
from hub.intake import turns
from hub.models import Deposit, PayoutFile


class FileTurn(turns.Turn[PayoutFile]):
    """Kept with every portion."""

    HELD_FOR = dt.timedelta(seconds=60)
    SAME = "state"


class FeesTurn(turns.Turn[Deposit]):
    """Longer than its few calls take."""

    HELD_FOR = dt.timedelta(seconds=90)
    SAME = "fees_state"


def due_files() -> list[PayoutFile]:
    time = Q(next_at=None) | Q(next_at__lte=clock.now())
    return list(_running().filter(time).select_related("books"))


def due_fees() -> list[Deposit]:
    """Of books that can be asked."""
    now = clock.now()
    ready = Connection.objects.ready(now)
    return list(
        _fees().filter(next_at__lte=now, books__in=ready).select_related("books").order_by("next_at", "pk")[:50]
    )


def next_round() -> dt.datetime | None:
    """When the soonest is due; None where none is."""
    file = _running().values_list("next_at", flat=True).first()
    fees = _fees().filter(books__in=Connection.objects.open()).select_related("books").order_by("next_at").first()
    times = [file, _waits_until(fees) if fees else None]
    return min(filter(None, times), default=None)


def _waits_until(deposit: Deposit) -> dt.datetime | None:
    """The latest of what keeps it waiting."""
    return max(filter(None, (deposit.next_at, deposit.books.paused_until, deposit.books.spent_until)), default=None)


def _running() -> QuerySet[PayoutFile]:
    running = PayoutFile.objects.filter(state=PayoutFile.State.RUNNING)
    return running.order_by(F("next_at").asc(nulls_first=True), "pk")


def _fees() -> QuerySet[Deposit]:
    return Deposit.objects.filter(fees_state=Deposit.Fees.DUE)
