"""Which silence is unusual: shops of all kinds, heard for four weeks, and then no more."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.intake.rhythm import HOUR, WEEK, Heard, Silence, unusual

START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
"""A Monday."""
FOUR_WEEKS = 4 * WEEK
Shop = Callable[[dt.datetime], float]
"""How many orders an hour of such a moment brings on average."""


def busy(moment: dt.datetime) -> float:
    return 40


def office(moment: dt.datetime) -> float:
    return 6 if moment.weekday() < 5 and 9 <= moment.hour < 18 else 0


def quiet(moment: dt.datetime) -> float:
    return 1 / 24


def evening(moment: dt.datetime) -> float:
    return {19: 2, 20: 5, 21: 3}.get(moment.hour, 0.2 if 8 <= moment.hour < 19 else 0)


def heard(times: Iterable[dt.datetime]) -> list[Heard]:
    hours: dict[dt.datetime, list[dt.datetime]] = defaultdict(list)
    for time in sorted(times):
        hours[time.replace(minute=0, second=0, microsecond=0)].append(time)
    return [Heard(found[0], found[-1], len(found)) for found in hours.values()]


def news(
    shop: Shop, until: dt.datetime, *, seed: int = 1, without: tuple[dt.datetime, dt.datetime] | None = None
) -> list[Heard]:
    dice, times, moment = random.Random(seed), [], START
    minute = dt.timedelta(minutes=1)
    while moment < until:
        closed = without and without[0] <= moment < without[1]
        if not closed and dice.random() < shop(moment) / 60:
            times.append(moment)
        moment += minute
    return heard(times)


def silence(shop: Shop, since: dt.datetime, hours: float, **more: object) -> Silence | None:
    return unusual(news(shop, since, **more), since + hours * HOUR)  # type: ignore[arg-type]


NOON = START + FOUR_WEEKS + 12 * HOUR
"""A Monday's."""
CLOSING = START + FOUR_WEEKS + 4 * dt.timedelta(days=1) + 18 * HOUR
"""A Friday's."""


@pytest.mark.parametrize(
    ("shop", "since", "hours", "alarm"),
    [
        (busy, NOON, 0.9, False),
        (busy, NOON, 1.1, True),
        (office, NOON, 1, False),
        (office, NOON, 5, True),
        (office, CLOSING, 14, False),  # the night
        (office, CLOSING, 63, False),  # the weekend
        (office, CLOSING, 64, False),  # an hour into Monday
        (office, CLOSING, 69, True),
        (quiet, NOON, 30, False),
        (quiet, NOON, 24 * 3, False),
        (quiet, NOON, 24 * 14, True),
        (evening, NOON, 8, False),
        (evening, NOON + 9 * HOUR, 10, False),
        (evening, NOON, 36, True),
    ],
)
def test_it_matters_when_a_shop_usually_sells(shop: Shop, since: dt.datetime, hours: float, alarm: bool) -> None:
    assert bool(silence(shop, since, hours)) == alarm


def test_what_is_usual_is_said_of_the_same_hours() -> None:
    found = silence(office, NOON, 5)
    assert found and found.lasted >= 5 * HOUR and found.usual < HOUR
    assert found.since <= NOON


def test_one_outage_is_not_learned_as_usual() -> None:
    outage = (START + 10 * dt.timedelta(days=1), START + 12 * dt.timedelta(days=1))
    assert silence(busy, NOON, 2, without=outage)


def test_whoever_speaks_much_at_once_and_then_not_for_days_is_left_alone() -> None:
    """Such as a wholesaler whose orders are sent in together."""
    day, minute = dt.timedelta(days=1), dt.timedelta(minutes=1)
    days = (0, 1, 6, 8, 14, 15, 20, 21, 27)
    known = heard(START + days_on * day + 10 * HOUR + n * minute for days_on in days for n in range(20))
    assert unusual(known, START + (27 + 6) * day) is None
    assert unusual(known, START + (27 + 16) * day)


def test_with_little_history_nobody_can_tell() -> None:
    assert silence(busy, START + 13 * dt.timedelta(days=1), 100) is None
    assert unusual([], NOON) is None
    assert unusual([Heard(NOON, NOON, 1)], NOON + 900 * HOUR) is None


@pytest.mark.parametrize("shop", [busy, office, quiet, evening])
def test_a_shop_that_goes_on_as_ever_hardly_ever_alarms(shop: Shop) -> None:
    """Asked every hour of a whole further week, of four shops of each kind."""
    false = 0
    for seed in range(4):
        whole = news(shop, START + FOUR_WEEKS + WEEK, seed=seed)
        for hours in range(7 * 24):
            now = START + FOUR_WEEKS + hours * HOUR
            known = [Heard(one.first, min(one.last, now), one.times) for one in whole if one.first <= now]
            false += bool(unusual(known, now))
    assert false <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(0, 167), min_size=1),
    st.integers(0, 167),
    st.floats(0, 1),
)
def test_whoever_keeps_exact_hours_never_alarms_before_the_next(hours: set[int], at: int, part: float) -> None:
    times = [START + week * WEEK + hour * HOUR for week in range(5) for hour in hours]
    now = START + FOUR_WEEKS + at * HOUR + part * HOUR
    assert unusual(heard(time for time in times if time <= now), now) is None
