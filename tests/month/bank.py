"""A bank that publishes exchange rates on working days, in the evening for the next day."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from hub.rates.reading import read_rates
from hub.rates.table import keep
from tests.month.days import DAY, FIRST

NAME = "The bank"
INTO = "USD"
PAIRS = {
    ("EUR", "USD"): Decimal("1.0837"),
    ("USD", "CAD"): Decimal("1.3642"),
    ("EUR", "JPY"): Decimal("161.35"),
    ("EUR", "KWD"): Decimal("0.33391"),
    ("EUR", "GBP"): Decimal("0.84512"),
    ("USD", "AUD"): Decimal("1.5271"),
}
"""Told straight, the other way round, or by way of the euro; and what they are worth to begin with."""
SWAY = 0.02
Quotes = dict[tuple[str, str], Decimal]


class Bank:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.days: dict[dt.date, Quotes] = {}
        for early in (DAY * 3, DAY * 2, DAY):
            self.publish(FIRST - early)

    def publish(self, today: dt.date) -> None:
        """The rates of tomorrow, into the hub's table."""
        day = today + DAY
        if day.weekday() < 5:
            self.days[day] = {pair: self._moved(rate) for pair, rate in PAIRS.items()}
            keep(read_rates("\n".join(self._told(day)).encode(), NAME))

    def rate(self, currency: str, day: dt.date) -> Decimal:
        """What one unit of it is worth in dollars, on the newest day that had rates."""
        quotes = self.days[max(one for one in self.days if one <= day)]
        if (currency, INTO) in quotes:
            return quotes[currency, INTO]
        if (INTO, currency) in quotes:
            return 1 / quotes[INTO, currency]
        return quotes["EUR", INTO] / quotes["EUR", currency]

    def _moved(self, rate: Decimal) -> Decimal:
        return (rate * Decimal(self.dice.uniform(1 - SWAY, 1 + SWAY))).quantize(rate)

    def _told(self, day: dt.date) -> Iterator[str]:
        yield "date,from,to,rate"
        for (base, currency), rate in self.days[day].items():
            yield f"{day},{base},{currency},{rate}"
