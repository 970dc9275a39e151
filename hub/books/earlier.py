"""Months before a given one that have trade in them and are still open."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min, Q

from connectors.models import Connection
from hub.books.agreement import money_flows
from hub.books.months import Month
from hub.engine.terms import policy_of
from hub.models import Flow, SyncRecord


def earliest_open_month(books: Connection, month: Month) -> Month | None:
    """The first of them; None where all trade before the month is closed, or was skipped."""
    days = [day for flow in money_flows(books) if (day := _first_open_trade(flow, books.lock_date, month))]
    return Month.of(min(days)) if days else None


def _first_open_trade(flow: Flow, lock_date: dt.date | None, month: Month) -> dt.date | None:
    """What is older than the flow's cut-over is not ours to book."""
    cut_over = policy_of(flow).cut_over
    after = Q(date__gt=lock_date) if lock_date else Q()
    since = Q(date__gte=cut_over) if cut_over else Q()
    trade = SyncRecord.objects.filter(after, since, flow=flow, date__lt=month.first)
    found: dt.date | None = trade.exclude(state=SyncRecord.State.SKIPPED).aggregate(first=Min("date"))["first"]
    return found
