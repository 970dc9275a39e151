"""A bank that publishes exchange rates on working days, in the evening for the next day."""

from __future__ import annotations

import datetime as dt
import random
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
        self.first_told: dict[dt.date, Quotes] = {}
        for early in (DAY * 3, DAY * 2, DAY):
            self.publish(FIRST - early)

    def publish(self, today: dt.date) -> None:
        """The rates of tomorrow, into the hub's table."""
        day = today + DAY
        if day.weekday() < 5:
            self._tell(day)

    def correct(self) -> None:
        """Every rate was wrong so far. What was booked by it stays as it is."""
        self.first_told = dict(self.days)
        for day in self.first_told:
            self._tell(day)

    def rate(self, currency: str, day: dt.date, *, as_first_told: bool) -> Decimal:
        """What one unit of it is worth in dollars, on the newest day that had rates."""
        days = self.first_told if as_first_told else self.days
        quotes = days[max(one for one in days if one <= day)]
        if (currency, INTO) in quotes:
            return quotes[currency, INTO]
        if (INTO, currency) in quotes:
            return 1 / quotes[INTO, currency]
        return quotes["EUR", INTO] / quotes["EUR", currency]

    def _tell(self, day: dt.date) -> None:
        self.days[day] = {pair: self._moved(rate) for pair, rate in PAIRS.items()}
        rows = (f"{day},{base},{currency},{rate}" for (base, currency), rate in self.days[day].items())
        keep(read_rates("\n".join(["date,from,to,rate", *rows]).encode(), NAME))

    def _moved(self, rate: Decimal) -> Decimal:
        return (rate * Decimal(self.dice.uniform(1 - SWAY, 1 + SWAY))).quantize(rate)
