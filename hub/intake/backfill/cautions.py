"""What somebody should know before the days of a backfill are gone through: in words, none where all is well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from hub.accounting.dates import Calendar
from hub.engine.terms import policy_of
from hub.models import Flow


def cautions(flow: Flow, start: dt.date, end: dt.date) -> list[str]:
    return [*_cut_over(flow, start, end), *_lock_date(flow, start), *_flow(flow)]


def _cut_over(flow: Flow, start: dt.date, end: dt.date) -> Iterator[str]:
    date = policy_of(flow).cut_over
    if date and end < date:
        yield (
            f"The flow skips everything before its cut-over date, {date}, and all of these days are before it: nothing "
            "would be posted. Change “Skip orders before” in the flow first."
        )
    elif date and start < date:
        yield f"What is dated before the flow's cut-over date, {date}, is skipped."


def _lock_date(flow: Flow, start: dt.date) -> Iterator[str]:
    lock_date = flow.target.lock_date
    if lock_date and start <= lock_date:
        first_open, _ = Calendar(lock_date).open(start)
        yield (
            f"The books are closed up to {lock_date}: documents of those days are dated {first_open}, the first open "
            "day, and say their true date in the notes."
        )


def _flow(flow: Flow) -> Iterator[str]:
    if not flow.enabled:
        yield "The flow is switched off: nothing is brought in or posted until it is switched on."
