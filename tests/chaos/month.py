"""A seeded month of trade in two stores that book into the same books, while all that a scenario asks for goes wrong."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from connectors.sandbox import Sandbox
from hub.engine import decisions
from hub.engine.schedule import seconds_until_due
from hub.models import SyncRecord
from tests.chaos.clockwork import OWN
from tests.chaos.doors import Door
from tests.chaos.fleet import Fleet, Zygote
from tests.chaos.scenarios import Scenario
from tests.chaos.supervised import Supervised
from tests.chaos.troubles import AWAY, ClockJumps, Crashes, Trouble, durable, faults, struck
from tests.chaos.unrest import unrest
from tests.hub.world import World, add_store, kinds, open_world

DAYS = 30
EVERY = 2
"""Days from one day of trade to the next: a day ends in the west after the next has begun in the east."""
ORDERS = 2
"""In each store on each day of trade."""
LINGER = 0.5
PREFIXES = {"store": "", "store-2": "S2-"}
WORKERS = (2, 2, 1)
"""Threads of each."""
MORTAL_POLLS, LONGEST_POLL = 3, 200
"""How many polls may die, and after how many points at the latest."""
GLANCE = 0.25
"""Seconds from one look at whether all is at rest to the next."""
PACE = 0.3
"""Seconds for a day."""
TROUBLED = 8.0
"""Seconds after the month's end for which database and clock go on to fail."""
PATIENCE = 300.0
"""Seconds by which all must be at rest then."""


@dataclass
class Month:
    scenario: Scenario
    seed: int
    zygote: Zygote
    folder: Path
    world: World
    second: Sandbox
    dice: random.Random
    first_day: dt.date = field(default_factory=lambda: dt.date.today() + dt.timedelta(days=2))
    kills: int = 0
    restarts: int = 0
    raised: int = 0
    unrest: str = ""

    @property
    def stores(self) -> dict[str, Sandbox]:
        """By the names of their connections."""
        return {"store": self.world.store, "store-2": self.second}

    @property
    def faults(self) -> int:
        return sum(struck(sandbox) for sandbox in (*self.stores.values(), self.world.books))

    def play(self) -> None:
        """Until all is at rest, or the patience is over: then `unrest` says what is not."""
        if self.scenario.faults:
            for sandbox in (*self.stores.values(), self.world.books):
                sandbox.faults = faults()
        troubles = list(self._troubles())  # first, since whoever works reads the clock at once
        with self._at_work():
            with ExitStack() as going_on:
                for trouble in troubles:
                    going_on.enter_context(self._going_on(trouble))
                self._trade()
                self._poll()
                self._come_to_rest(TROUBLED)
            self._come_to_rest(PATIENCE)
            self._see_to_poison()
            self.unrest = unrest()

    # --- trade ---

    def _trade(self) -> None:
        with ThreadPoolExecutor(len(self.stores)) as post:
            with self._door():
                for day in range(0, DAYS, EVERY):
                    for store in self.stores.values():
                        self._sell(store, self.first_day + dt.timedelta(days=day))
                        if self.dice.random() < 0.3:
                            post.submit(store.deliver)
                    time.sleep(PACE)
                    if not self.scenario.webhooks and self.dice.random() < 0.3:
                        self._poll_once(dies=True)
                for store in self.stores.values():
                    store.deliver()
                    store.trade(orders=0, seed=self.seed, day=(self.first_day + dt.timedelta(days=DAYS)).isoformat())
                post.shutdown()

    def _sell(self, store: Sandbox, day: dt.date) -> None:
        bad = self.dice.random() < 0.1
        number = self.seed if store is self.second else self.seed + 1000
        store.trade(orders=ORDERS, seed=number, day=day.isoformat(), bad=bad, linger=LINGER)

    @contextmanager
    def _door(self) -> Iterator[None]:
        if not self.scenario.webhooks:
            yield
            return
        door = Door(self.dice, killed=self.scenario.kills, clock=self._clock())
        with self._going_on(door):
            door.announce(self.stores)
            yield

    # --- the hub ---

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        if self.scenario.supervised:
            with self._going_on(Supervised(self.dice)):
                yield
            return
        longest = {} if self.scenario.kills else {"longest": 0}
        fleet = Fleet(self.zygote, self.dice, clock=self._clock(), **longest)
        fleet.begin(*WORKERS)
        try:
            yield
        finally:
            fleet.stop()
            self.kills += fleet.ends["killed"]
            self.raised += fleet.ends["raised"]

    def _poll(self) -> None:
        """Until every store was read to its end, which the first few may not live to see."""
        deadline, lives, unread = time.monotonic() + PATIENCE, 0, self._every_store
        while unread := unread & self._poll_once(dies=lives < MORTAL_POLLS):
            assert time.monotonic() < deadline, "the stores cannot be read"
            lives += 1
            time.sleep(0.2)

    def _poll_once(self, *, dies: bool) -> int:
        """The stores that were not read, a bit for each."""
        points = self.dice.randint(1, LONGEST_POLL) if dies and self.scenario.kills else 0
        life = self.zygote.run("poll", points=points, clock=self._clock())
        self.kills += life.killed
        return self._every_store if life.signal else life.code

    @property
    def _every_store(self) -> int:
        return (1 << len(self.stores)) - 1

    def _clock(self) -> str:
        if not self.scenario.clock:
            return ""
        return OWN if connection.vendor == "postgresql" else str(self.folder / "clock")

    # --- the end ---

    def _come_to_rest(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not at_rest():
            time.sleep(GLANCE)

    def _see_to_poison(self) -> None:
        """Killed too often to be innocent: a person has another try."""
        if decisions.retry(SyncRecord.objects.filter(cause="poison")):
            self._come_to_rest(PATIENCE)

    # --- troubles ---

    def _troubles(self) -> Iterator[Trouble]:
        postgres = connection.vendor == "postgresql"
        if self.scenario.restarts and postgres:
            durable()
            yield Crashes(self.dice)
        if self.scenario.clock and not postgres:
            yield ClockJumps(self.dice, Path(self._clock()))

    @contextmanager
    def _going_on(self, trouble: Trouble) -> Iterator[None]:
        trouble.begin()
        try:
            yield
        finally:
            trouble.end()
            if isinstance(trouble, Crashes):
                self.restarts += trouble.count
            elif not isinstance(trouble, ClockJumps):
                self.kills += trouble.count


def at_rest() -> bool:
    """The database may be away just now."""
    try:
        return seconds_until_due() is None
    except AWAY:
        connection.close()
        return False


@contextmanager
def open_month(scenario: Scenario, seed: int, zygote: Zygote, folder: Path) -> Iterator[Month]:
    """Which kinds of store, the seed says; each pair has its turn."""
    known = kinds("store")
    world = open_world(known[2 * seed % len(known)], kinds("books")[0])
    second, _ = add_store(world, known[(2 * seed + 1) % len(known)], invoice_prefix=PREFIXES["store-2"])
    world.books.switch.update(rate_window=0, duplicate_numbers=("refuse", "allow")[seed % 2])
    try:
        yield Month(scenario, seed, zygote, folder, world, second, random.Random(f"{scenario.name}/{seed}"))
    finally:
        for sandbox in (world.store, second, world.books):
            sandbox.close()
