"""What one order costs in calls and statements: exact numbers, the same in every run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.engine.drain import drain
from hub.models import Flow, Posting, SyncRecord
from tests.hub.world import World, kinds, open_world

SEEDS = (1, 2, 3, 4, 5, 6)
"""Enough for every kind of goods, and for a customer who comes for the first time when they are known."""


@dataclass(frozen=True)
class Cost:
    """Of one order. `effects` are the calls that changed something in the books: no way of doing it needs fewer.
    `corrected`: the books rounded its tax otherwise, so that their draft was changed once."""

    new_client: bool
    new_items: bool
    corrected: bool
    calls: int
    effects: int
    statements: int


def small_world() -> World:
    """Some time after its flow was made: what was placed before that is looked for."""
    world = open_world(kinds("store")[0], kinds("books")[0])
    Flow.objects.update(look_before=timezone.now() - dt.timedelta(days=1))
    return world


def costs(world: World) -> list[Cost]:
    """Of simple, paid orders, one after the other: each customer comes twice."""
    return [_cost(world, seed) for seed in SEEDS for _ in range(2)]


def groups(found: Iterable[Cost]) -> dict[str, list[Cost]]:
    """Whose order it was, and what that cost, where the books know its goods."""
    known = [one for one in found if not one.new_items]
    plain = [one for one in known if not one.corrected]
    return {
        "of a new client": [one for one in plain if one.new_client],
        "of a known client": [one for one in plain if not one.new_client],
        "with a rounding line": [one for one in known if one.corrected and not one.new_client],
    }


def average(found: Iterable[Cost], name: str) -> float:
    return mean(getattr(one, name) for one in found)


def _cost(world: World, seed: int) -> Cost:
    known = set(Posting.objects.values_list("pk", flat=True))
    world.place(kind="simple", seed=seed)
    world.poll()
    _only_the_new_one()
    world.books.log.clear()
    with CaptureQueriesContext(connection) as captured:
        drain(threads=1)
    new = Posting.objects.exclude(pk__in=known)
    made = set(new.values_list("resource", flat=True))
    calls = list(world.books.log)
    return Cost(
        new_client="client" in made,
        new_items="item" in made,
        corrected=new.filter(note__startswith="rounding line").exists(),
        calls=len(calls),
        effects=sum(call[0] != "GET" for call in calls),
        statements=len(captured),
    )


def _only_the_new_one() -> None:
    """A poll tells earlier orders again, since their second may still be going on."""
    SyncRecord.objects.filter(settled_at__isnull=False).update(state=SyncRecord.State.POSTED, due_at=None)
