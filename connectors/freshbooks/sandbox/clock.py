"""The vendor's clocks: nearly everything is US Eastern wall time without a zone, which repeats an hour each autumn."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
SECONDS = "%Y-%m-%d %H:%M:%S"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def eastern(moment: dt.datetime) -> str:
    return moment.astimezone(EASTERN).strftime(SECONDS)


def version(moment: dt.datetime) -> str:
    return moment.astimezone(EASTERN).strftime(SECONDS + ".%f")


def utc(moment: dt.datetime) -> str:
    """Only a client's `signup_date` is told so."""
    return moment.astimezone(dt.UTC).strftime(SECONDS)


def iso(moment: dt.datetime) -> str:
    """The events family's way."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today() -> dt.date:
    return now().astimezone(EASTERN).date()
