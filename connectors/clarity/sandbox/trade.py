"""A day of trade: orders of every kind, placed and carried on in the order of time, and what the books should say. A life
may linger: then it stops half-way and goes on a later day, such as a refund after a week."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from connectors.clarity.sandbox.baskets import Basket, of_lines
from connectors.clarity.sandbox.catalogue import ZONE
from connectors.clarity.sandbox.expectations import as_it_stands, expected
from connectors.clarity.sandbox.kinds import KINDS, Kind, kind_named
from connectors.clarity.sandbox.lives import STEPS
from connectors.clarity.sandbox.placing import place_order
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row

SAME_SECONDS = 0.2
"""So often an order falls into the very seconds of the one before it."""
LONGEST_REST = 12
"""Days after which a life that lingers goes on."""
HOURS, NIGHT = (8 * 60, 20 * 60), (22 * 60, 23 * 60 + 50)
"""Minutes after midnight. Late in the evening it is the next day in UTC."""


@dataclass
class Story:
    """One customer's order. `ahead` are the steps that wait for a later day."""

    name: str
    kind: Kind
    basket: Basket
    order_id: str = ""
    ahead: tuple[str, ...] = ()
    goes_on: dt.date = dt.date.max

    def begin(self, shop: Shop) -> None:
        self.order_id = place_order(shop, self.basket)["id"]

    def go_on(self, shop: Shop, step: str) -> None:
        STEPS[step](shop, shop.order(self.order_id))

    def told(self, shop: Shop) -> Row:
        if self.ahead:
            return as_it_stands(shop, self.order_id)
        return expected(shop, self.name, self.kind.outcome, self.order_id)


Scene = tuple[dt.datetime, Story, str]
"""An instant, whose story, and the step; an empty step is the beginning."""


def play(shop: Shop, name: str, dice: random.Random, lines: Mapping[str, Any] | None = None) -> Story:
    """One order's whole life, at once, with `lines` in the place of its own. Raises LookupError for a kind that there
    is not."""
    kind = kind_named(name)
    basket = kind.basket(dice)
    story = Story(name, kind, of_lines(basket, lines) if lines else basket)
    story.begin(shop)
    for step in kind.life:
        story.go_on(shop, step)
    return story


def play_day(
    shop: Shop, waiting: list[Story], *, orders: int, seed: int, day: dt.date, bad: bool, linger: float
) -> list[Row]:
    """Returns one `expected` row for each order of this day. `linger` is the share of lives that may stop half-way: they
    are put into `waiting`, from which those go on whose day has come."""
    dice = random.Random(f"{seed}/{day}")
    stories = [Story(name, kind_named(name), kind_named(name).basket(dice)) for name in _cast(dice, orders, bad)]
    scenes = sorted([*_scenes(dice, stories, day, linger), *_goings_on(dice, waiting, day)], key=lambda scene: scene[0])
    for instant, story, step in scenes:
        with shop.clock.at(instant):
            story.go_on(shop, step) if step else story.begin(shop)
    waiting += [story for story in stories if story.ahead]
    over = scenes[-1][0] if scenes else dt.datetime.combine(day, dt.time(12), dt.UTC)
    shop.clock.not_before(over + dt.timedelta(minutes=2))
    return [story.told(shop) for story in stories]


def _cast(dice: random.Random, orders: int, bad: bool) -> list[str]:
    """Every kind once before any comes twice."""
    names: list[str] = []
    while len(names) < orders:
        names += dice.sample(list(KINDS), len(KINDS))
    return names[:orders] + (["no_email"] if bad else [])


def _scenes(dice: random.Random, stories: list[Story], day: dt.date, linger: float) -> list[Scene]:
    scenes: list[Scene] = []
    before: list[dt.datetime] = []
    for story in stories:
        moments = _moments(dice, story.kind, day)
        if not story.kind.near_midnight:
            moments = before if before and dice.random() < SAME_SECONDS else moments
            before = moments
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


def _goings_on(dice: random.Random, waiting: list[Story], day: dt.date) -> list[Scene]:
    """Of those whose day has come."""
    scenes: list[Scene] = []
    for story in [one for one in waiting if one.goes_on <= day]:
        waiting.remove(story)
        scenes += [
            (moment, story, step) for moment, step in zip(_moments(dice, story.kind, day), story.ahead, strict=False)
        ]
        story.ahead = ()
    return scenes


def _moments(dice: random.Random, kind: Kind, day: dt.date) -> list[dt.datetime]:
    """When an order is placed, and when it may be carried on: all within the day of the site."""
    zone = ZoneInfo(ZONE)
    minutes = dice.randint(*(NIGHT if kind.near_midnight else HOURS))
    start = dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(minutes=minutes, seconds=dice.randint(0, 59))
    last = dt.datetime.combine(day, dt.time(23, 59, 40), zone).astimezone(dt.UTC)
    moments = [start.astimezone(dt.UTC)]
    for _ in range(max(len(one.life) for one in KINDS.values())):
        moments.append(min(moments[-1] + dt.timedelta(seconds=dice.randint(60, 1500)), last))
    return moments
