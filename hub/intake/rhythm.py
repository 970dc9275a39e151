"""When a source usually speaks, learned from when it was heard, and whether its silence is unusual. Pure.

Silence is not measured by the clock but in news: how many there usually are in those hours of the week. A night in
which a shop never sells weighs nothing, an hour of a busy afternoon weighs much. It is unusual where much more has
stayed away than in any silence so far; one exception is forgiven, for it may have been an outage.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

HOUR, WEEK = dt.timedelta(hours=1), dt.timedelta(weeks=1)
ENOUGH = 2 * WEEK
"""With less history nobody can tell."""
LEAST = HOUR
EXPECTED = 10.0
"""News that must have stayed away at least: even where that many are usual, some hours bring none."""
FACTOR = 2.0
"""How much more must have stayed away than in the longest silence but one."""


@dataclass(frozen=True)
class Heard:
    """What was heard within one hour: when first, when last, how often."""

    first: dt.datetime
    last: dt.datetime
    times: int


@dataclass(frozen=True)
class Silence:
    """`usual` is the longest silence within the same hours of a usual week."""

    since: dt.datetime
    lasted: dt.timedelta
    usual: dt.timedelta


def unusual(heard: Sequence[Heard], now: dt.datetime) -> Silence | None:
    """`heard` is in order of time, and in the zone in which the source lives."""
    if not heard or now - heard[-1].last < LEAST or heard[-1].last - heard[0].first < ENOUGH:
        return None
    rhythm = _Rhythm(heard)
    since = heard[-1].last
    before = sorted(rhythm.news(one.last, other.first) for one, other in pairwise(heard))
    if rhythm.news(since, now) < max(EXPECTED, FACTOR * before[-2] if len(before) > 1 else EXPECTED):
        return None
    return Silence(since, now - since, _usual(heard, since, now))


class _Rhythm:
    """News per hour of the week."""

    def __init__(self, heard: Sequence[Heard]) -> None:
        weeks = max((heard[-1].last - heard[0].first) / WEEK, 1.0)
        counts: Counter[int] = Counter()
        for one in heard:
            counts[_hour_of_week(one.first)] += one.times
        self._per_hour = {hour: times / weeks for hour, times in counts.items()}

    def news(self, start: dt.datetime, end: dt.datetime) -> float:
        """How many there usually are in these hours."""
        return sum(
            self._per_hour.get(_hour_of_week(begin), 0.0) * ((until - begin) / HOUR)
            for begin, until in _hours(start, end)
        )


def _usual(heard: Sequence[Heard], since: dt.datetime, now: dt.datetime) -> dt.timedelta:
    """Of each week before, the longest silence within the same hours; of these, the middle one."""
    weeks = range(1, int((since - heard[0].first) / WEEK) + 1)
    return median_low(_longest(heard, since - number * WEEK, now - number * WEEK) for number in weeks)


def _longest(heard: Sequence[Heard], start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Within one hour nobody is silent for long."""
    edges = [(one.first, one.last) for one in heard if one.last > start and one.first < end]
    silences = ((last, first) for (_, last), (first, _) in pairwise([(start, start), *edges, (end, end)]))
    return max((first - last for last, first in silences), default=end - start)


def _hours(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Cut at full hours."""
    while start < end:
        until = min(start.replace(minute=0, second=0, microsecond=0) + HOUR, end)
        yield start, until
        start = until


def _hour_of_week(moment: dt.datetime) -> int:
    return moment.weekday() * 24 + moment.hour
