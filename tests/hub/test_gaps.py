"""Gaps in the numbers: what the source has is taken in, what it has not is told once for each series."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

import pytest
from django.utils import timezone

from connectors.errors import Gone, Rejected, RetryLater
from connectors.models import Connection
from hub.alerts import end_alert
from hub.intake.completeness import left_out
from hub.intake.completeness.counted import Counted
from hub.intake.completeness.rounds import count_now
from hub.intake.completeness.series import gaps
from hub.models import Alert, Event, Flow, SyncRecord
from tests.hub.corner_shop import Script, open_shop
from tests.hub.rows import make_record
from tests.hub.world import World

pytestmark = pytest.mark.django_db(transaction=True)
the_shop = pytest.mark.usefixtures("corner_shop")
TODAY = timezone.localdate()
LONG_AGO = timezone.now() - dt.timedelta(days=90)


@pytest.fixture
def shop() -> tuple[Connection, Script]:
    """Has told of 1001 to 1030, but not of 1007 and 1011; knows of nothing else."""
    shop, script = open_shop()
    Connection.objects.update(created_at=LONG_AGO)
    Flow.objects.update(created_at=LONG_AGO)
    shop.refresh_from_db()
    have(*range(1001, 1007), *range(1008, 1011), *range(1012, 1031))
    script.resolve = knows_nothing
    return shop, script


def have(*numbers: int, **more: object) -> None:
    given: dict[str, object] = {"date": TODAY, "due_at": None, **more}
    for number in numbers:
        make_record(Flow.objects.get(), f"id-{number}", number=f"N-{number}", **given)


def knows_nothing(lookup: str) -> str:
    raise Gone(f"there is no {lookup}")


def told() -> str:
    return "; ".join(Alert.objects.filter(kind="gap", ended_at=None).values_list("message", flat=True))


def see_to_it(by: str = "ada") -> None:
    end_alert("gap", Alert.objects.get(kind="gap", ended_at=None).key, by)


@the_shop
def test_what_the_source_does_not_know_either_is_told(shop: tuple[Connection, Script]) -> None:
    count_now(shop[0])
    assert told() == ("The orders of shop leave out 2 numbers, which shop does not know either: N-1007 and N-1011.")
    assert shop[1].asked == ["number=N-1007", "number=N-1011"]


@the_shop
def test_what_the_source_has_is_taken_in(shop: tuple[Connection, Script]) -> None:
    shop[1].resolve = lambda lookup: "77" if lookup == "number=N-1011" else knows_nothing(lookup)
    shop[1].parsed = lambda id: None
    count_now(shop[0])
    assert SyncRecord.objects.get(source_id="77").due_at
    assert Event.objects.get().door == "sweep"
    assert told().endswith("either: N-1007.")
    assert "77" in Alert.objects.get(kind="missing").message


@the_shop
def test_what_a_person_has_seen_to_is_not_mentioned_again(shop: tuple[Connection, Script]) -> None:
    count_now(shop[0])
    see_to_it()
    count_now(shop[0])
    assert told() == "" and len(shop[1].asked) == 2
    have(*range(1032, 1036))
    count_now(shop[0])
    assert told().endswith("either: N-1031.")
    see_to_it("bob")
    count_now(shop[0])
    assert told() == ""


@the_shop
def test_numbers_that_turn_up_end_the_alert(shop: tuple[Connection, Script]) -> None:
    count_now(shop[0])
    have(1007)
    count_now(shop[0])
    assert told().endswith("either: N-1011.")
    have(1011)
    count_now(shop[0])
    assert told() == "" and Alert.objects.get(kind="gap").ended_by == ""


@the_shop
def test_what_has_left_the_window_stays_told_until_somebody_has_seen_it(shop: tuple[Connection, Script]) -> None:
    count_now(shop[0])
    SyncRecord.objects.update(date=TODAY - dt.timedelta(days=30))
    count_now(shop[0])
    assert "N-1007 and N-1011" in told()


@the_shop
def test_an_older_record_is_no_gap(shop: tuple[Connection, Script]) -> None:
    have(1007, date=TODAY - dt.timedelta(days=40))
    count_now(shop[0])
    assert shop[1].asked == ["number=N-1011"]


@the_shop
def test_a_number_that_the_source_cannot_tell_apart_is_no_gap(shop: tuple[Connection, Script]) -> None:
    def ambiguous(lookup: str) -> str:
        raise Rejected("two stores have it", code="ambiguous")

    shop[1].resolve = ambiguous
    count_now(shop[0])
    assert told() == "" and not Alert.objects.filter(kind="missing").exists()


@the_shop
def test_a_source_that_does_not_answer_is_asked_in_the_next_step(shop: tuple[Connection, Script]) -> None:
    def away(lookup: str) -> str:
        raise RetryLater("it is away")

    shop[1].resolve = away
    [row] = count_now(shop[0])
    assert told() == "" and row.problem == "it is away" and row.reached and row.end and row.reached > row.end


@the_shop
def test_each_series_has_its_alert(shop: tuple[Connection, Script]) -> None:
    for number in (*range(20), *range(21, 40)):
        make_record(Flow.objects.get(), f"s-{number}", number=f"S{number:06}", date=TODAY)
    count_now(shop[0])
    assert sorted(Alert.objects.filter(kind="gap").values_list("key", flat=True)) == [
        "shop order N-#",
        "shop order S000000",
    ]


@the_shop
def test_questions_are_few_and_those_that_were_never_asked_come_first(
    shop: tuple[Connection, Script], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_out, "QUESTIONS", 1)
    count_now(shop[0])
    count_now(shop[0])
    assert shop[1].asked == ["number=N-1007", "number=N-1011"]
    assert "N-1007 and N-1011" in told()


@the_shop
def test_where_numbers_cannot_be_asked_for_nothing_is_said(
    shop: tuple[Connection, Script], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop[0].connector_class.resources["order"], "number_lookup", "")
    count_now(shop[0])
    assert told() == "" and shop[1].asked == []


@the_shop
def test_the_number_of_an_order_from_before_the_connection_is_no_gap(shop: tuple[Connection, Script]) -> None:
    shop[1].resolve = lambda lookup: lookup[-4:]
    shop[1].parsed = lambda id: LONG_AGO - dt.timedelta(days=1) if id == "1007" else LONG_AGO
    count_now(shop[0])
    assert list(SyncRecord.objects.filter(number="").values_list("source_id", flat=True)) == ["1011"]
    assert told() == ""


def test_an_order_that_nobody_told_is_found_by_its_number(world: World) -> None:
    """Real numbers, asked of each store as its connector asks."""
    world.store.trade(orders=60, seed=5, day=(TODAY - dt.timedelta(days=2)).isoformat())
    counted = Counted.of(world.source, "order")
    if not counted.resource.number_lookup:
        pytest.skip("its orders cannot be asked for by their number")
    named = {notice.id for notice, _ in counted.resource.changed_since({"since": LONG_AGO.isoformat()})}
    numbers = {counted.resource.parse(counted.resource.fetch(id)).number: id for id in sorted(named)}
    forgotten = next(one for one in numbers if one in missing_without(one, numbers))
    for number, id in numbers.items():
        if number != forgotten:
            make_record(world.flow, id, number=number, date=TODAY)
    assert left_out.left_out(counted, TODAY, math.inf) == [numbers[forgotten]]


def missing_without(number: str, numbers: Iterable[str]) -> list[str]:
    return [one for series in gaps(set(numbers) - {number}) for one in series.missing]
