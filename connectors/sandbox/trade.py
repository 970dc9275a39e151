"""A day of trade: orders of every kind, placed and carried on in the order of time. A life may linger: then it stops
half-way and goes on a later day, such as a refund after a week."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from connectors.sandbox.clock import Clock

SAME_SECONDS = 0.2
"""So often an order falls into the very seconds of the one before it."""
LONGEST_REST = 12
"""Days after which a life that lingers goes on."""
SETTLED = dt.timedelta(minutes=2)
"""After its last scene a day is over."""


PAID = ("capture",)
SHIPPED = ("capture", "ship")


@dataclass(frozen=True)
class Kind:
    """A kind of order. `life`: the steps after it was placed. `outcome`: what its books should say. `near_midnight`: its
    business date is not its UTC date; it has an hour of its own and never falls into another's seconds."""

    basket: Callable[[random.Random], Any]
    life: tuple[str, ...] = PAID
    outcome: str = "posted"
    near_midnight: bool = False


@dataclass
class Story:
    """One customer's order, from its placing to the last step of its life. A vendor says how each is done in its shop."""

    longest: ClassVar[int]
    """Steps of the longest life. As many moments are drawn for each, so that no life's length moves another's time."""

    shop: Any
    name: str
    kind: Kind
    basket: Any
    ahead: tuple[str, ...] = field(default=(), kw_only=True)
    """The steps that wait for a later day."""
    goes_on: dt.date = field(default=dt.date.max, kw_only=True)

    @property
    def zone(self) -> ZoneInfo:
        """The store's."""
        raise NotImplementedError

    @property
    def hours(self) -> tuple[int, int]:
        """Within which it is placed, in minutes after midnight."""
        raise NotImplementedError

    def begin(self) -> None:
        """The order is placed."""
        raise NotImplementedError

    def go_on(self, step: str) -> None:
        raise NotImplementedError

    def told(self) -> list[dict[str, Any]]:
        """What the books should say of it, as it is now: a row for each order that it has become."""
        raise NotImplementedError

    def play(self) -> None:
        """The whole life, at once."""
        self.begin()
        for step in self.kind.life:
            self.go_on(step)


S = TypeVar("S", bound=Story)
Scene = tuple[dt.datetime, Story, str]
"""An instant, whose story, and the step; an empty step is the beginning."""


def cast(dice: random.Random, kinds: Iterable[str], orders: int, *, bad: bool) -> list[str]:
    """Every kind once before any comes twice. `bad` adds one that cannot be booked."""
    known = list(kinds)
    names: list[str] = []
    while len(names) < orders:
        names += dice.sample(known, len(known))
    return names[:orders] + (["no_email"] if bad else [])


def play_day(
    clock: Clock, stories: Sequence[S], waiting: list[S], dice: random.Random, *, day: dt.date, linger: float
) -> list[dict[str, Any]]:
    """Returns what is told of this day's orders. `linger` is the share of lives that may stop half-way: they are put into
    `waiting`, from which those go on whose day has come."""
    scenes = [*_scenes(dice, stories, day, linger), *_goings_on(dice, waiting, day)]
    scenes.sort(key=lambda scene: scene[0])
    for instant, story, step in scenes:
        with clock.at(instant):
            story.go_on(step) if step else story.begin()
    waiting += [story for story in stories if story.ahead]
    over = scenes[-1][0] if scenes else dt.datetime.combine(day, dt.time(12), dt.UTC)
    clock.not_before(over + SETTLED)
    return [row for story in stories for row in story.told()]


def _scenes(dice: random.Random, stories: Sequence[Story], day: dt.date, linger: float) -> list[Scene]:
    scenes: list[Scene] = []
    before: dict[str, list[dt.datetime]] = {}
    for story in stories:
        moments = _moments(dice, story, day)
        if not story.kind.near_midnight:
            moments = before[story.zone.key] if story.zone.key in before and dice.random() < SAME_SECONDS else moments
            before[story.zone.key] = moments
        steps = story.kind.life
        if linger and steps and dice.random() < linger:
            steps = _stop(dice, story, day)
        scenes += [(moment, story, step) for moment, step in zip(moments, ("", *steps), strict=False)]
    return scenes


def _stop(dice: random.Random, story: Story, day: dt.date) -> tuple[str, ...]:
    """Somewhere in its life. Returns the steps that are still made on this day."""
    reached = dice.randrange(len(story.kind.life))
    story.ahead = story.kind.life[reached:]
    story.goes_on = day + dt.timedelta(days=dice.randint(1, LONGEST_REST))
    return story.kind.life[:reached]


def _goings_on(dice: random.Random, waiting: list[S], day: dt.date) -> list[Scene]:
    """Of those whose day has come."""
    scenes: list[Scene] = []
    for story in [one for one in waiting if one.goes_on <= day]:
        waiting.remove(story)
        scenes += [(moment, story, step) for moment, step in zip(_moments(dice, story, day), story.ahead, strict=False)]
        story.ahead = ()
    return scenes


def _moments(dice: random.Random, story: Story, day: dt.date) -> list[dt.datetime]:
    """When an order is placed, and when it may be carried on: all within the day of its store."""
    minutes = dice.randint(*story.hours)
    start = dt.datetime.combine(day, dt.time(), story.zone) + dt.timedelta(minutes=minutes, seconds=dice.randint(0, 59))
    last = dt.datetime.combine(day, dt.time(23, 59, 40), story.zone).astimezone(dt.UTC)
    moments = [start.astimezone(dt.UTC)]
    for _ in range(story.longest):
        moments.append(min(moments[-1] + dt.timedelta(seconds=dice.randint(60, 1500)), last))
    return moments
