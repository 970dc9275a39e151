"""The stories of Magento orders, and a day of them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import ClassVar
from zoneinfo import ZoneInfo

from connectors.magento.sandbox.baskets import Basket
from connectors.magento.sandbox.expectations import as_it_stands, expected
from connectors.magento.sandbox.kinds import KINDS, kind_named
from connectors.magento.sandbox.lives import STEPS
from connectors.magento.sandbox.placing import place_order
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.sandbox import trade


@dataclass
class Story(trade.Story):
    """One customer's order, and the orders that an edit makes of it."""

    longest: ClassVar[int] = max(len(kind.life) for kind in KINDS.values())

    shop: Shop
    basket: Basket
    order_ids: list[int] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.basket.store.timezone)

    @property
    def hours(self) -> tuple[int, int]:
        """UTC has another date late in the west and early in the east."""
        if not self.kind.near_midnight:
            return 7 * 60, 19 * 60
        return (20 * 60, 22 * 60) if self.zone.key.startswith("America") else (5, 55)

    def begin(self) -> None:
        self.order_ids.append(place_order(self.shop, self.basket)["entity_id"])

    def go_on(self, step: str) -> None:
        made = STEPS[step](self.shop, self.shop.order(self.order_ids[-1]))
        if step == "edit":
            self.order_ids.append(made["entity_id"])

    def told(self) -> list[Row]:
        if self.ahead:
            return [as_it_stands(self.shop, self.order_ids[-1])]
        edited_away = [expected(self.shop, self.name, "skipped:canceled", id) for id in self.order_ids[:-1]]
        return [*edited_away, expected(self.shop, self.name, self.kind.outcome, self.order_ids[-1])]


def story(shop: Shop, name: str, dice: random.Random) -> Story:
    """Raises KeyError for a kind that there is not."""
    kind = kind_named(name)
    return Story(shop, name, kind, kind.basket(dice))


def play(shop: Shop, name: str, dice: random.Random) -> Story:
    """One order's whole life, at once. Raises KeyError for a kind that there is not."""
    played = story(shop, name, dice)
    played.play()
    return played


def play_day(
    shop: Shop, waiting: list[Story], *, orders: int, seed: int, day: dt.date, bad: bool, linger: float
) -> list[Row]:
    """Returns one `expected` row for each order of this day; an edited one has two."""
    dice = random.Random(f"{seed}/{day}")
    stories = [story(shop, name, dice) for name in trade.cast(dice, KINDS, orders, bad=bad)]
    return trade.play_day(shop.clock, stories, waiting, dice, day=day, linger=linger)
