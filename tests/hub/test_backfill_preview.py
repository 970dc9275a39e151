"""The preview of a backfill: what would come of every record, by the very code of a real run, and nothing posted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from hub.books.agreement import agreement
from hub.intake.backfill import asking, looking
from hub.intake.backfill.cautions import cautions
from hub.intake.backfill.progress import known, progress
from hub.intake.backfill.tally import Tally
from hub.models import Attempt, Event, Posting, SyncRecord
from tests.hub.history import JANUARY, MARCH, again, backfill, history
from tests.hub.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def looked_at(world: World, start: dt.date = JANUARY, end: dt.date = MARCH) -> Tally:
    made = backfill(world, start, end, look_first=True)
    world.work()
    assert again(made).state == "previewed"
    return Tally.of(made)


def test_the_preview_says_what_the_run_then_comes_to(world: World) -> None:
    history(world, orders=8)
    world.store.trade(orders=1, seed=2, day="2026-03-15", bad=True)
    made = backfill(world, look_first=True)
    world.work()
    foretold = {line.key: (line.count, line.amount) for line in Tally.of(again(made)).lines}
    asking.begin(made)
    world.work()
    came: Counter[tuple[str, str, str]] = Counter()
    worth: Counter[tuple[str, str, str]] = Counter()
    for record in SyncRecord.objects.all():
        key = record.state, record.reason, record.currency
        came[key] += 1
        worth[key] += record.total  # type: ignore[assignment]
    assert foretold == {key: (came[key], Decimal(worth[key])) for key in came}
    assert {"posted", "held", "skipped"} <= {state for state, _, _ in foretold}


def test_the_preview_leaves_no_trace_in_the_books_or_the_inbox(world: World) -> None:
    expected = history(world)
    tally = looked_at(world)
    assert tally.read == len(expected)
    assert not world.books.log, "not even a call"
    for model in (SyncRecord, Event, Attempt, Posting):
        assert not model.objects.exists()
    assert agreement(JANUARY, MARCH).pairs == []


def test_the_reason_is_said_in_a_sentence(world: World) -> None:
    world.store.trade(orders=0, seed=2, day="2026-03-15", bad=True)
    [line] = looked_at(world).of_state("held")
    assert line.reason == "no_email" and "has no e-mail address" in line.message


def test_what_the_hub_knows_already_is_not_read_again(world: World) -> None:
    expected = history(world)
    world.sync()
    made = backfill(world, look_first=True)
    world.work()
    waiting = sum(row["expected"] == "skipped:not_accepted" for row in expected)
    assert Tally.of(again(made)).read == waiting
    assert known(made) == len(expected) - waiting


def test_only_the_days_that_were_asked_for_are_counted(world: World) -> None:
    history(world, ("2026-01-31", "2026-02-01", "2026-02-02"))
    assert looked_at(world, dt.date(2026, 2, 1), dt.date(2026, 2, 1)).read == 3


def test_where_it_stops_reading_it_says_so_and_guesses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "LIMIT", 4)
    history(world)
    tally = looked_at(world)
    assert (tally.read, tally.cut_short, tally.last) == (4, True, "2026-01-20")


def test_a_preview_goes_on_where_its_worker_died(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = history(world)
    made = backfill(world, look_first=True)
    tried: list[object] = []
    real = looking.preview

    def dies(*args: object) -> object:
        tried.append(args)
        if len(tried) == 5:
            raise SystemExit("killed")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(looking, "preview", dies)
    with pytest.raises(SystemExit):
        world.work()
    assert Tally.of(again(made)).read == 4
    type(made).objects.update(next_at=made.created_at)
    world.work()
    assert Tally.of(again(made)).read == len(expected) == len(tried) - 1


def test_a_record_that_cannot_be_read_is_told_and_stops_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = history(world)
    resource = world.source.connector_class.resources["order"]
    real, odd = resource.parse, []

    def parse(self: object, raw: object) -> object:
        odd.append(raw)
        if len(odd) == 2:
            raise AttributeError("the shop sent a list of lists")
        return real(self, raw)  # type: ignore[arg-type]

    monkeypatch.setattr(resource, "parse", parse)
    tally = looked_at(world)
    [line] = tally.of_state("failed")
    assert "a list of lists" in line.message and tally.read == len(expected)


def test_a_preview_that_is_stopped_stays_so(world: World) -> None:
    history(world)
    made = backfill(world, look_first=True)
    asking.stop(made)
    world.work()
    assert again(made).state == "stopped" and not made.preview


# --- dates that matter ---


def test_the_cut_over_date_holds_in_the_preview_too(make_world: Callable[..., World]) -> None:
    world = make_world(cut_over="2026-02-01")
    history(world)
    counted = Counter({line.reason: 0 for line in looked_at(world).lines})
    for line in looked_at(world).lines:
        counted[line.reason] += line.count
    assert counted["before_cut_over"] == 6


def test_somebody_is_told_that_all_of_it_lies_before_the_cut_over(make_world: Callable[..., World]) -> None:
    world = make_world(cut_over="2026-04-01")
    [said] = cautions(world.flow, JANUARY, MARCH)
    assert "nothing would be posted" in said
    [said] = cautions(world.flow, JANUARY, dt.date(2026, 4, 2))
    assert "before the flow's cut-over date, 2026-04-01, is skipped" in said
    assert cautions(world.flow, dt.date(2026, 4, 1), dt.date(2026, 4, 2)) == []


def test_documents_of_a_closed_period_are_counted_and_said(world: World) -> None:
    world.target.lock_date = dt.date(2026, 1, 31)
    world.target.save()
    world.flow.refresh_from_db()
    expected = history(world)
    [said] = cautions(world.flow, JANUARY, MARCH)
    assert "closed up to 2026-01-31" in said and "2026-02-01" in said
    late = [row for row in expected if row["date"] < "2026-02-01" and row["expected"] == "posted"]
    assert looked_at(world).late == len(late) > 0


def test_somebody_is_told_that_the_flow_is_switched_off(world: World) -> None:
    world.flow.enabled = False
    assert "switched off" in cautions(world.flow, JANUARY, MARCH)[0]


def test_progress_is_never_more_than_all_of_it(world: World) -> None:
    history(world)
    made = backfill(world)
    seen = [progress(made).percent]
    while again(made).state == "running":
        world.work()
        seen.append(progress(again(made)).percent)
    assert seen[0] == 0 and seen[-1] == 100 and seen == sorted(seen)
