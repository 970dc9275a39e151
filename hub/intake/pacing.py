"""When to try again what did not work: the older it is, the more rarely, so that no count of tries has to be kept."""

from __future__ import annotations

import datetime as dt
import random

from hub.engine import clock


def age(since: dt.datetime) -> float:
    return (clock.now() - since).total_seconds()


def next_try(since: dt.datetime, *, soonest: float, latest: float) -> dt.datetime:
    return clock.now() + dt.timedelta(seconds=pause(since, soonest=soonest, latest=latest))


def pause(since: dt.datetime, *, soonest: float, latest: float) -> float:
    """About half its age, within these seconds; with some jitter, so that not all come back at the same moment."""
    return min(max(age(since) / 2, soonest), latest) * random.uniform(0.75, 1.25)  # noqa: S311
