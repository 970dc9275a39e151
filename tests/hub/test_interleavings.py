"""Edits on both sides, webhooks late, twice or never, polls, lost answers, kills and two workers at one pair, in a
thousand random orders: in the end both sides are equal, and nobody wrote more often than anybody edited, give or take a repeat."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from connectors import registry
from connectors.base import Notice
from connectors.errors import OutcomeUnknown, RetryLater
from connectors.models import Connection
from hub.engine.claim import claim
from hub.engine.counterparts import conflicts
from hub.engine.crew import work_on
from hub.intake.inbox import accept
from hub.intake.polling import try_to_poll
from hub.models import Conflict, Counterpart, Event, Flow, Link, SyncRecord
from tests.hub.dying import time_passes
from tests.hub.twins import BEGIN, SIDES, open_sides, town

AT_ONCE = 20
"""People whose interleavings run side by side in one world. `make interleavings` plays a thousand."""
ROUNDS = int(os.environ.get("INTERLEAVINGS", "60")) // AT_ONCE
SAME = {
    "email": "email",
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "organization",
    "phone": "phone",
    "vat_number": "vat_number",
    "billing": "address",
}
"""The customer's field → the client's."""


class Killed(BaseException):
    """Nothing in the hub catches it."""


class Life:
    """Some people's edits, in any order with all that may happen on the way. `edits` counts by person."""

    def __init__(self, seed: int, store: Connection, books: Connection) -> None:
        self.dice = random.Random(seed)
        self.ends = {"kiosk": (store, "customer"), "ledger": (books, "client")}
        self.late: list[Callable[[], object]] = []
        self.edits: dict[str, int] = {}
        self.last: dict[tuple[str, str], dict[str, Any]] = {}
        """Person and field → side → what was last typed in there."""
        self.fuse = 0
        self.beside = False
        for side in SIDES.values():
            side.trouble, side.meanwhile = self.trouble, self.another_worker

    def lead(self) -> None:
        for _ in range(AT_ONCE * 6):
            happening = self.dice.choices(
                (self.edit, self.deliver, self.poll, self.work, self.work_and_die), weights=(6, 4, 2, 3, 2)
            )[0]
            happening()

    def rest(self) -> None:
        """The trouble ends, and everything is told at last."""
        for side in SIDES.values():
            side.trouble = side.meanwhile = lambda moment: None
        for _ in range(6):
            self.poll()
            self.work()
            for conflict in Conflict.objects.filter(closed_at=None, kept=""):
                conflicts.decide(conflict, self.dice.choice(("source", "target")), None)

    def edit(self) -> None:
        kind = self.dice.choice(("kiosk", "ledger"))
        side, person = SIDES[kind], self.dice.choice([*self.edits])
        id = pairs()[person] if kind == "ledger" else person
        name = self.dice.choice(sorted(SAME))
        self.edits[person] += 1
        value = self.value(name, person)
        self.last.setdefault((person, name), {})[kind] = value
        side.edit(id, **{name if kind == "kiosk" else SAME[name]: value})
        end, resource = self.ends[kind]
        for _ in range(self.dice.choice((0, 1, 1, 2))):
            self.late.append(lambda: accept(end, Notice(resource, id), door=Event.Door.WEBHOOK))

    def value(self, name: str, person: str) -> Any:
        word = f"{self.dice.choice('KLMN')}{self.dice.randrange(9)}"
        if name == "billing":
            return town(word)
        return f"{word}-{person}@example.org".lower() if name == "email" else word

    def deliver(self) -> None:
        self.dice.shuffle(self.late)
        for _ in range(self.dice.randrange(AT_ONCE)):
            if self.late:
                self.late.pop()()

    def poll(self) -> None:
        for end, _ in self.ends.values():
            try_to_poll(Connection.objects.get(pk=end.pk))

    def work(self) -> None:
        while claims := claim(100):
            for one in claims:
                work_on(one)
            time_passes()
            Counterpart.objects.filter(sending__isnull=False).update(sent_at="2020-01-01T00:00:00Z")

    def work_and_die(self) -> None:
        """Somewhere, at any statement or call; another worker goes on later."""
        self.fuse = self.dice.randrange(5, 200)
        try:
            with connection.execute_wrapper(self.burn):
                for one in claim(AT_ONCE):
                    work_on(one)
        except Killed:
            pass
        self.fuse = 0
        SyncRecord.objects.filter(starts__gt=1).update(starts=1)
        time_passes()

    def another_worker(self, id: str) -> None:
        """Who is at work while this one waits for an answer: at the very pair, as often as not."""
        if self.beside or self.dice.random() > 0.1:
            return
        self.beside = True
        try:
            for one in claim(AT_ONCE):
                work_on(one)
        finally:
            self.beside = False

    def burn(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.fuse -= 1
        if self.fuse == 0:
            raise Killed
        return execute(*args)

    def trouble(self, moment: str) -> None:
        happens = self.dice.random()
        if self.fuse and happens < 0.1:
            raise Killed
        if happens < 0.1:
            raise RetryLater("nobody answers") if moment == "before" else OutcomeUnknown("the answer was lost")


@pytest.fixture
def both(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flow, Flow]]:
    yield open_sides(lambda kind, found: monkeypatch.setitem(registry.connectors(), kind, found))
    SIDES.clear()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_whatever_happens_both_sides_end_equal_with_few_writes(
    seed: int, both: tuple[Flow, Flow], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, _ = both
    life = Life(seed, there.source, there.target)
    for number in range(AT_ONCE):
        SIDES["kiosk"].edit(f"c{number}", **{**BEGIN, "email": f"c{number}@example.org", "billing": town("Bath")})
        life.edits[f"c{number}"] = 0
    life.rest()
    for side in SIDES.values():
        side.writes.clear()
    life.lead()
    life.rest()
    for person, client in pairs().items():
        assert both_alike(person, client) == {}, f"person {person}, seed {seed}"
        assert lost(life, person) == {}, f"person {person}, seed {seed}"
        writes = sum(side.writes.get(id, 0) for side, id in zip(SIDES.values(), (person, client), strict=True))
        assert writes < 3 * max(life.edits[person], 1), (
            f"person {person}, seed {seed}: {writes} for {life.edits[person]}"
        )
    assert not Conflict.objects.filter(closed_at=None).exists()
    assert not SyncRecord.objects.exclude(state="posted").exists()


def pairs() -> dict[str, str]:
    return dict(Link.objects.values_list("source_record", "target_record"))


def both_alike(person: str, client: str) -> dict[str, tuple[Any, Any]]:
    """The fields that differ."""
    ours, theirs = SIDES["kiosk"].rows[person], SIDES["ledger"].rows[client]
    values = {name: (place(ours.get(name)), place(theirs.get(other))) for name, other in SAME.items()}
    return {name: pair for name, pair in values.items() if pair[0] != pair[1]}


def lost(life: Life, person: str) -> dict[str, Any]:
    """Edits of fields that only one side has touched, and that are not what stands in the end."""
    stands = SIDES["kiosk"].rows[person]
    alone = {name: next(iter(by.values())) for (who, name), by in life.last.items() if who == person and len(by) == 1}
    return {name: value for name, value in alone.items() if place(stands.get(name)) != place(value)}


def place(value: Any) -> Any:
    return (value.street, value.city, value.postcode) if hasattr(value, "city") else value or ""
