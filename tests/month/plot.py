"""What happens in a month, day by day, in two stores that book into the same books.

Beside each day's trade, whose lives go on for days (captures, refunds long after the payout): accepted orders that
nobody has paid yet are amended or canceled after they were invoiced, a person decides about the amendments, and now and
then everything is told once more.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from connectors.models import Connection
from connectors.sandbox import Sandbox
from hub.engine import decisions
from hub.intake.polling import poll
from hub.models import Cursor, SyncRecord
from tests.hub.world import World, add_store, kinds, open_world

FIRST, LAST = dt.date(2027, 3, 1), dt.date(2027, 3, 31)
"""The clocks go forward on the 14th in one store, on the 28th in the other; both trade around midnight."""
AFTERMATH = 13
"""Days of the next month in which nothing is sold, but lives go on to their ends."""
LINGER, TOLD_AGAIN = 0.4, 0.05
UNPAID, AMENDED, CANCELED, PAID = 0.3, 0.3, 0.1, 0.2
"""How often a store has one more order that is not paid, and what becomes of those."""
GOES_ON = "order"
"""What a store calls an order whose life is not over."""
TOLERANCE = {"line": 2, "document": 10}
"""Books that round down each line are a cent off for each of its taxes, which is more than the default."""
PREFIXES = {"store": "", "store-2": "S2-"}


@dataclass
class Month:
    """`going_on` are the orders, by store and number, that the store itself carries on; `amended` and `canceled` are the
    numbers of the invoices whose orders changed after they were booked."""

    world: World
    second: Sandbox
    dice: random.Random
    orders: int
    going_on: set[tuple[str, str]] = field(default_factory=set)
    amended: set[str] = field(default_factory=set)
    canceled: set[str] = field(default_factory=set)
    decided: Counter[str] = field(default_factory=Counter)

    @property
    def stores(self) -> dict[str, Sandbox]:
        return {"store": self.world.store, "store-2": self.second}

    def play(self) -> None:
        days = [FIRST + dt.timedelta(days=day) for day in range((LAST - FIRST).days + 1)]
        for day, count in zip(days, _shared_out(self.orders, len(days), self.dice), strict=True):
            self._trade(day, count)
        for late in range(1, AFTERMATH + 1):
            self._trade(LAST + dt.timedelta(days=late), 0)

    def _trade(self, day: dt.date, count: int) -> None:
        first = self.dice.randint(0, count)
        for (name, store), orders in zip(self.stores.items(), (first, count - first), strict=True):
            self._sell(name, store, day, orders)
            if self.dice.random() < TOLD_AGAIN:
                Cursor.objects.filter(connection__name=name).delete()
        self._sync()
        self._change_minds()

    def _sell(self, name: str, store: Sandbox, day: dt.date, orders: int) -> None:
        seed = self.dice.randrange(10**6)
        made = store.trade(orders=orders, seed=seed, day=day.isoformat(), bad=orders > 6, linger=LINGER)
        self.going_on |= {(name, row["increment_id"]) for row in made if row["kind"] == GOES_ON}
        if orders and self.dice.random() < UNPAID:
            store.place({"kind": "shipped_unpaid", "seed": seed})

    def _sync(self) -> None:
        for connection in Connection.objects.filter(name__in=PREFIXES):
            poll(connection)
        self.world.work(patience=30)

    # --- second thoughts ---

    def _change_minds(self) -> None:
        changed = [
            self._change(name, store, number)
            for name, store in self.stores.items()
            for number in list(self._owed(name, store))
        ]
        if any(changed):
            self._sync()
            self._decide()

    def _change(self, name: str, store: Sandbox, number: str) -> bool:
        fate, invoice = self.dice.random(), PREFIXES[name] + number
        if fate < AMENDED and invoice not in self.amended:
            store.place({"amend": number})
            self.amended.add(invoice)
        elif fate < AMENDED + CANCELED:
            store.place({"cancel": number})
            self.canceled.add(invoice)
        elif fate < AMENDED + CANCELED + PAID:
            store.place({"capture": number})
            self.going_on.add((name, number))
        else:
            return False
        return True

    def _owed(self, name: str, store: Sandbox) -> Iterator[str]:
        """Booked, and not a cent of it paid."""
        booked = {"state": "posted", "flow__source__name": name}
        posted = set(SyncRecord.objects.filter(**booked).values_list("number", flat=True))
        for order in store.expectations():
            number = order["increment_id"]
            moved = order["expected_payments"] or order["expected_tenders"] or order["expected_refunds"]
            if order["expected"] == "posted" and number in posted and not moved and (name, number) not in self.going_on:
                yield number

    def _decide(self) -> None:
        """A person sees each amendment, and chooses."""
        for record in SyncRecord.objects.filter(state="held", reason="edited_after_posting"):
            how = self.dice.choice(("adjust", "reinvoice"))
            decisions.follow_edit(record, how, record.problem["digest"], None)  # type: ignore[arg-type]
            self.decided[how] += 1
        self.world.work(patience=30)


def _shared_out(orders: int, days: int, dice: random.Random) -> list[int]:
    """Some days are better than others."""
    count = Counter(dice.randrange(days) for _ in range(orders))
    return [count[day] for day in range(days)]


@contextmanager
def open_month(seed: int, orders: int, rounding: Mapping[str, str]) -> Iterator[Month]:
    """Which kinds of store, the seed says."""
    known = kinds("store")
    world = open_world(known[2 * seed % len(known)], kinds("books")[0], rounding_tolerance=TOLERANCE)
    policy = {"invoice_prefix": PREFIXES["store-2"], "rounding_tolerance": TOLERANCE}
    second, _ = add_store(world, known[(2 * seed + 1) % len(known)], **policy)
    world.books.switch.update(rate_window=0, **rounding)
    try:
        yield Month(world, second, random.Random(seed), orders)
    finally:
        for sandbox in (world.store, second, world.books):
            sandbox.close()
