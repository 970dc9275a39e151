"""What people do in the books by hand, and what a record's page then offers."""

from __future__ import annotations

from typing import Any

from hub.admin.decision_fit import fitting
from hub.engine import decisions
from hub.engine.claim import claim
from hub.engine.run import attempt
from hub.models import Posting, SyncRecord
from tests.hub.world import World

DELETED, RESTORED = 1, 0


def change(world: World, posting: Posting, **values: Any) -> None:
    world.books.place({posting.resource: {"id": int(posting.remote_id), **values}})


def delete(world: World, posting: Posting) -> None:
    change(world, posting, vis_state=DELETED)


def restore(world: World, posting: Posting) -> None:
    change(world, posting, vis_state=RESTORED)


def try_again(world: World) -> tuple[str, str]:
    """The button, and what comes of it."""
    decisions.retry(SyncRecord.objects.all())
    return settled(world)


def try_once() -> None:
    """However soon it is due again."""
    (one,) = claim()
    attempt(one)


def settled(world: World) -> tuple[str, str]:
    world.work()
    record = world.record()
    return record.state, record.reason


def offered(world: World) -> set[str]:
    """Beside trying again."""
    return fitting(world.record()) - {"retry"}
