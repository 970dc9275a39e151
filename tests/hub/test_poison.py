"""Records that kill whoever works on them: put aside after five deaths, and nobody else is buried with them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hub.engine import context, decisions
from hub.engine.claim import POISON, SUSPECT
from hub.engine.context import Run
from hub.engine.drain import drain
from hub.models import Attempt, SyncRecord
from tests.hub.dying import die, ended, in_a_child, start_child, time_passes
from tests.hub.world import World
from tests.oracle import violations

INNOCENTS = 5
THREADS = 4


@pytest.fixture
def poisoned(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Among other orders there is one that kills its process as soon as it has been read, as one that is too large for
    the memory would."""
    world.books.switch["rate_window"] = 0
    for seed in range(INNOCENTS + 1):
        world.place(kind="simple", seed=seed)
    world.poll()
    read = Run.read

    def read_and_die(run: Run) -> None:
        read(run)
        if run.record.pk == poison().pk:
            die()

    monkeypatch.setattr(Run, "read", read_and_die)
    return world


def poison() -> SyncRecord:
    """In the middle of the queue."""
    return SyncRecord.objects.order_by("pk")[INNOCENTS // 2]


def innocents() -> list[SyncRecord]:
    return list(SyncRecord.objects.exclude(pk=poison().pk))


def until_nobody_dies(world: World, processes: int = 1) -> int:
    """Workers start again and again, as a supervisor lets them. Returns how many died."""
    deaths = 0
    for _ in range(4 * POISON):
        children = [start_child(lambda: drain(threads=THREADS)) for _ in range(processes)]
        died = sum([ended(child) for child in children])
        deaths += died
        time_passes()
        if not died and not SyncRecord.objects.filter(due_at__isnull=False).exists():
            return deaths
    raise AssertionError("they still die, or are not done")


@pytest.mark.parametrize("processes", [1, 2])
def test_five_deaths_make_a_dead_letter_and_no_innocent_is_one(poisoned: World, processes: int) -> None:
    deaths = until_nobody_dies(poisoned, processes)
    assert (poison().state, poison().cause) == ("failed", "poison")
    assert {record.state for record in innocents()} == {"posted"}
    assert len(poisoned.invoices) == INNOCENTS
    assert Attempt.objects.filter(record=poison(), outcome="died").count() == POISON
    assert deaths <= POISON


def test_a_suspect_dies_alone(poisoned: World) -> None:
    """After its second death it is only taken when nothing else is at work."""
    for _ in range(SUSPECT):
        assert in_a_child(lambda: drain(threads=THREADS))
        time_passes()
    assert poison().starts == SUSPECT
    assert in_a_child(lambda: drain(threads=THREADS))
    assert list(SyncRecord.objects.filter(lease_until__gt=timezone.now())) == [poison()]


def test_an_innocent_that_died_with_it_is_clear_after_one_good_end(poisoned: World) -> None:
    SyncRecord.objects.exclude(pk=poison().pk).update(starts=POISON - 1)
    until_nobody_dies(poisoned)
    assert {(record.state, record.starts) for record in innocents()} == {("posted", 0)}


def test_suspects_get_their_turn_under_the_heaviest_load(world: World) -> None:
    """No time is left when the others are done for now."""
    world.place(kind="simple", seed=1)
    world.poll()
    SyncRecord.objects.update(starts=SUSPECT)
    drain(seconds=0, threads=THREADS)
    assert world.record().state == "posted"


def test_a_record_that_is_too_long_for_one_go_is_done_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its worker would be killed for it, again and again."""
    monkeypatch.setattr(context, "LONG", 0.0)
    world.place(kind="partial_capture", seed=1)
    world.sync()
    assert world.record().state == "posted"
    ends = list(Attempt.objects.order_by("pk").values_list("outcome", "reason"))
    assert len(ends) > len(world.payments) > 1
    assert set(ends[:-1]) == {("waiting", "long")}
    assert violations(world.store.expectations(), world.books.state()) == []


def test_a_person_may_try_a_dead_letter_again(poisoned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    until_nobody_dies(poisoned)
    monkeypatch.undo()
    decisions.retry(SyncRecord.objects.filter(cause="poison"))
    poisoned.work()
    assert violations(poisoned.store.expectations(), poisoned.books.state()) == []
