"""What happens in a month, day by day, in two stores that book into the same books.

Each day's trade has lives that go on for days (captures, refunds long after the payout); stores change their minds about
orders that are booked; things are told again. The second store's orders are converted by the rates that a bank publishes,
and its taxes wait until a person has named them. It falls silent before the end of the month: its last days are heard of
when the month is closed already.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from connectors.base import Notice
from connectors.models import Connection
from connectors.sandbox import Sandbox
from hub.engine.claim import claim
from hub.engine.crew import work_on
from hub.intake.inbox import accept
from hub.intake.polling import poll
from hub.models import Cursor, Event, SyncRecord
from tests.chaos.verdict import plain
from tests.hub.closing_days import closed_days
from tests.hub.world import World, add_store, kinds, open_world
from tests.month import days, people
from tests.month.bank import INTO, Bank
from tests.month.second_thoughts import GOES_ON, SecondThoughts

ONE_OF_EACH = 45
"""As many orders on one day are one of each kind that a store knows."""
CROWDED = {"store": dt.date(2027, 3, 9), "store-2": dt.date(2027, 3, 18)}
ALL_AGAIN = dt.date(2027, 4, 6)
"""When the second store tells everything once more, the days of the closed month among it."""
LINGER, UNPAID = 0.4, 0.3
"""How often a life stops half-way; how often a store has one more order that is not paid: certainly before it falls
silent, so that there is something to change."""
WORKDAYS = range(5)
"""On weekends nobody reads the stores, and they tell of several days at once."""
AT_ONCE, PATIENCE = 8, 30.0
TOLERANCE = {"line": 2, "document": 10}
"""Books that round down each line are a cent off for each of its taxes, which is more than the default."""
PREFIXES = {"store": "", "store-2": "S2-"}
CONVERTED = "store-2"
LAST_KNOWN = {"store": days.CLOSED_ON, "store-2": dt.date(2027, 3, 26)}
"""Until when each store was heard of when the month was closed; then both are again."""
POLICY = {
    "invoice_prefix": PREFIXES["store-2"],
    "rounding_tolerance": TOLERANCE,
    "currency": "convert",
    "convert_to": INTO,
    "unmapped_tax": "hold",
}


@dataclass
class Month:
    """`known` is what the hub had heard of each store when the month was closed; `closed` what then stood on its days;
    `at_first_rates` the orders that were booked before the bank corrected its rates."""

    world: World
    second: Sandbox
    dice: random.Random
    orders: int
    bank: Bank
    thoughts: SecondThoughts
    decided: Counter[str] = field(default_factory=Counter)
    at_first_rates: set[str] = field(default_factory=set)
    known: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    closed: dict[str, Any] = field(default_factory=dict)

    @property
    def stores(self) -> dict[str, Sandbox]:
        return {"store": self.world.store, "store-2": self.second}

    @property
    def edited(self) -> set[str]:
        return self.thoughts.amended | self.thoughts.canceled

    def play(self) -> None:
        sold = self._shared_out()
        for day in days.every_day():
            self.bank.publish(day)
            for name, store in self.stores.items():
                self._sell(name, store, day, sold[name, day])
                self.thoughts.have(name, store, day, unheard=_unheard(name, day))
            if day.weekday() in WORKDAYS:
                self._sync(day)
            if day == days.CORRECTED_ON:
                self.at_first_rates = {number for number, order in self._known(CONVERTED).items() if _posted(order)}
                self.bank.correct()
            if day == days.CLOSED_ON:
                people.close_month(self.world.target)
                self.closed = closed_days(self.world, days.LAST)

    def _sell(self, name: str, store: Sandbox, day: dt.date, orders: int) -> None:
        seed = self.dice.randrange(10**6)
        made = store.trade(orders=orders, seed=seed, day=day.isoformat(), bad=orders > 6, linger=LINGER)
        self.thoughts.going_on |= {(name, row["increment_id"]) for row in made if row["kind"] == GOES_ON}
        silent_from_now = name == CONVERTED and day == LAST_KNOWN[name]
        if silent_from_now or (orders and self.dice.random() < UNPAID):
            store.place({"kind": "shipped_unpaid", "seed": seed})

    def _sync(self, day: dt.date) -> None:
        heard = [name for name in PREFIXES if not _unheard(name, day)]
        self._tell_again(day, heard)
        for connection in Connection.objects.filter(name__in=heard):
            poll(connection)
        self._work()
        while decided := people.decide(self.dice):
            self.decided += decided
            self._work()
        self.known |= {name: self._known(name) for name in PREFIXES if LAST_KNOWN[name] == day}

    def _work(self) -> None:
        """Claimed several at once, as by a crew of several threads, but done one after the other."""
        while claims := claim(AT_ONCE):
            for claimed in claims:
                work_on(claimed)
        self.world.work(patience=PATIENCE)

    def _tell_again(self, day: dt.date, heard: list[str]) -> None:
        """Of one order, or of everything."""
        if day == ALL_AGAIN:
            Cursor.objects.filter(connection__name=CONVERTED).delete()
        known = list(
            SyncRecord.objects.filter(flow__source__name__in=heard).order_by("pk").values_list("pk", flat=True)
        )
        for record in SyncRecord.objects.filter(pk__in=self.dice.sample(known, min(1, len(known)))):
            notice = Notice(record.flow.source_resource, record.source_id)
            accept(record.flow.source, notice, door=Event.Door.HAND)

    def _known(self, name: str) -> dict[str, Mapping[str, Any]]:
        return {order["increment_id"]: order for order in self.expectations(name)}

    def expectations(self, name: str) -> list[dict[str, Any]]:
        """Of one store, in its own terms, as the month has made of it."""
        canceled = self.thoughts.canceled
        return [
            {**order, **(UNDONE if PREFIXES[name] + order["increment_id"] in canceled else {})}
            for order in plain(self.stores[name].expectations())
        ]

    def _shared_out(self) -> Counter[tuple[str, dt.date]]:
        """Some days are better than others, and on one of its days each store sells one of everything."""
        crowd = min(ONE_OF_EACH, self.orders // 3)
        sold = Counter(dict.fromkeys(CROWDED.items(), crowd))
        for _ in range(self.orders - crowd * len(CROWDED)):
            sold[self.dice.choice(list(PREFIXES)), days.FIRST + days.DAY * self.dice.randrange(days.LAST.day)] += 1
        return sold


def _posted(order: Mapping[str, Any]) -> bool:
    return bool(order["expected"] == "posted")


def _unheard(name: str, day: dt.date) -> bool:
    return LAST_KNOWN[name] < day <= days.CLOSED_ON


UNDONE = {
    "expected": "posted",
    "expected_total": "0.00",
    "expected_tax": "0.00",
    "expected_payments": [],
    "expected_tenders": [],
    "expected_refunds": [],
}
"""Of an order that was canceled after it was invoiced: its documents stand, and come to nothing."""


@contextmanager
def open_month(seed: int, orders: int, rounding: Mapping[str, str]) -> Iterator[Month]:
    """Which kinds of store, the seed says."""
    known = kinds("store")
    world = open_world(known[2 * seed % len(known)], kinds("books")[0], rounding_tolerance=TOLERANCE)
    second, _ = add_store(world, known[(2 * seed + 1) % len(known)], **POLICY)
    world.books.switch.update(rate_window=0, **rounding)
    dice = random.Random(seed)
    try:
        yield Month(world, second, dice, orders, Bank(dice), SecondThoughts(dice, PREFIXES))
    finally:
        for sandbox in (world.store, second, world.books):
            sandbox.close()
