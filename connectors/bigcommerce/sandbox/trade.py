"""The stories of BigCommerce orders, and a day of them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from connectors.bigcommerce.sandbox.baskets import Basket
from connectors.bigcommerce.sandbox.catalogue import TIMEZONE
from connectors.bigcommerce.sandbox.expectations import as_it_stands, expected
from connectors.bigcommerce.sandbox.kinds import KINDS, Kind, kind_named
from connectors.bigcommerce.sandbox.lives import STEPS
from connectors.bigcommerce.sandbox.paying import spend_tenders
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.placing import place_order
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.sandbox import trade


@dataclass
class Story(trade.Story):
    longest: ClassVar[int] = max(len(kind.life) for kind in KINDS.values())

    shop: Shop
    kind: Kind
    basket: Basket
    order_id: int = 0

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(TIMEZONE)

    @property
    def hours(self) -> tuple[int, int]:
        """Late in the evening UTC already has the next date."""
        return (20 * 60, 22 * 60) if self.kind.near_midnight else (7 * 60, 18 * 60)

    def begin(self) -> None:
        order = place_order(self.shop, self.basket, self.kind.placed)
        spend_tenders(self.shop, order)
        self.order_id = order["id"]

    def go_on(self, step: str) -> None:
        STEPS[step](self.shop, self.shop.order(self.order_id))

    def told(self) -> list[Row]:
        if self.ahead:
            return [as_it_stands(self.shop, self.order_id)]
        return [expected(self.shop, self.name, self.kind.outcome, self.order_id)]


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
    """Returns one `expected` row for each order of this day."""
    dice = random.Random(f"bigcommerce/{seed}/{day}")
    stories = [story(shop, name, dice) for name in trade.cast(dice, KINDS, orders, bad=bad)]
    return trade.play_day(shop.clock, stories, waiting, dice, day=day, linger=linger)
