"""The stories of a Clarity site's orders, and a day of them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from connectors.clarity.sandbox.baskets import Basket, of_lines
from connectors.clarity.sandbox.catalogue import ZONE
from connectors.clarity.sandbox.expectations import as_it_stands, expected
from connectors.clarity.sandbox.kinds import KINDS, kind_named
from connectors.clarity.sandbox.lives import STEPS
from connectors.clarity.sandbox.placing import place_order
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row
from connectors.sandbox import trade

HOURS, NIGHT = (8 * 60, 20 * 60), (22 * 60, 23 * 60 + 50)
"""Minutes after midnight. Late in the evening it is the next day in UTC."""


@dataclass
class Story(trade.Story):
    longest: ClassVar[int] = max(len(kind.life) for kind in KINDS.values())

    shop: Shop
    basket: Basket
    order_id: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(ZONE)

    @property
    def hours(self) -> tuple[int, int]:
        return NIGHT if self.kind.near_midnight else HOURS

    def begin(self) -> None:
        self.order_id = place_order(self.shop, self.basket)["id"]

    def go_on(self, step: str) -> None:
        STEPS[step](self.shop, self.shop.order(self.order_id))

    def told(self) -> list[Row]:
        if self.ahead:
            return [as_it_stands(self.shop, self.order_id)]
        return [expected(self.shop, self.name, self.kind.outcome, self.order_id)]


def story(shop: Shop, name: str, dice: random.Random) -> Story:
    """Raises LookupError for a kind that there is not."""
    kind = kind_named(name)
    return Story(shop, name, kind, kind.basket(dice))


def play(shop: Shop, name: str, dice: random.Random, lines: Mapping[str, Any] | None = None) -> Story:
    """One order's whole life, at once, with `lines` in the place of its own. Raises LookupError for a kind that there
    is not."""
    played = story(shop, name, dice)
    played.basket = of_lines(played.basket, lines) if lines else played.basket
    played.play()
    return played


def play_day(
    shop: Shop, waiting: list[Story], *, orders: int, seed: int, day: dt.date, bad: bool, linger: float
) -> list[Row]:
    """Returns one `expected` row for each order of this day."""
    dice = random.Random(f"{seed}/{day}")
    stories = [story(shop, name, dice) for name in trade.cast(dice, KINDS, orders, bad=bad)]
    return trade.play_day(shop.clock, stories, waiting, dice, day=day, linger=linger)
