"""The completeness sweep: what neither a webhook nor a poll has told is found, taken in and told, and nothing else."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from connectors.base import Notice
from connectors.errors import NeedsLogin, RateLimited, RetryLater
from connectors.models import Connection
from hub import tasks
from hub.alerts import end_alert
from hub.errors import TurnLost
from hub.intake.completeness import turns
from hub.intake.completeness.rounds import count_now, count_tonight, step
from hub.intake.inbox import accept
from hub.models import Alert, Completeness, Cursor, Event, Flow, SyncRecord
from hub.queue import bells
from tests.hub.corner_shop import Script, open_shop
from tests.hub.world import World

pytestmark = pytest.mark.django_db(transaction=True)
the_shop = pytest.mark.usefixtures("corner_shop")
TODAY = timezone.localdate()
LONG_AGO = timezone.now() - dt.timedelta(days=90)
YESTERDAY = timezone.now() - dt.timedelta(days=1, minutes=1)
DAY = dt.timedelta(days=1)


def old_shop(name: str = "shop") -> tuple[Connection, Script]:
    """Connected long ago."""
    shop, script = open_shop(name)
    Connection.objects.update(created_at=LONG_AGO)
    Flow.objects.update(created_at=LONG_AGO)
    shop.refresh_from_db()
    return shop, script


def lists(script: Script, **ids: list[str]) -> None:
    """`d0` is today, `d3` three days ago."""
    days = {TODAY - int(name[1:]) * DAY: found for name, found in ids.items()}
    script.listed = lambda day: days.get(day, [])


def records() -> list[str]:
    return sorted(SyncRecord.objects.values_list("source_id", flat=True))


def missing() -> str:
    """What is told now."""
    return "; ".join(Alert.objects.filter(kind="missing", ended_at=None).values_list("message", flat=True))


def night() -> None:
    """It is tonight again."""
    turns.rows(Connection.objects.filter(flows_out__isnull=False).distinct())
    Completeness.objects.update(begun_at=YESTERDAY, next_at=None)
    count_tonight(math.inf)


@the_shop
def test_what_nobody_told_is_taken_in_and_told() -> None:
    shop, script = old_shop()
    accept(shop, Notice("order", "1000"), door=Event.Door.WEBHOOK)
    lists(script, d0=["1003"], d3=["1000", "1001", "1002"], d8=["900"])
    night()
    assert records() == ["1000", "1001", "1002", "1003"]
    assert bells() == 1
    assert set(Event.objects.exclude(source_id="1000").values_list("door", flat=True)) == {"sweep"}
    assert missing() == (
        "The count found 3 orders of shop that neither webhook nor poll had told: 1001, 1002 and 1003. "
        "They were taken in by themselves."
    )


@the_shop
def test_a_night_without_a_find_ends_the_alert() -> None:
    _, script = old_shop()
    lists(script, d2=["1001"])
    night()
    assert missing()
    night()
    assert not missing()
    assert Alert.objects.get().ended_by == ""


@the_shop
def test_what_the_next_poll_tells_was_not_lost() -> None:
    _, script = old_shop()
    lists(script, d0=["1001", "1002"])
    script.changed = lambda: ["1001"]
    night()
    assert records() == ["1001", "1002"]
    assert "found 1 order of shop" in missing() and "1002. It was taken in" in missing()


@the_shop
def test_what_was_there_before_the_source_was_connected_is_not_missing() -> None:
    """Near that moment only the source can tell: what it says has changed since is ours."""
    shop, script = open_shop()
    Connection.objects.update(created_at=timezone.now() - 3 * DAY)
    Flow.objects.update(created_at=timezone.now() - 3 * DAY)
    lists(script, d6=["1"], d5=["2"], d3=["3", "4"], d2=["5"], d1=["6"])
    Cursor.objects.create(connection=shop, resource="order", value={"since": "4"})
    told = {"since": "4"}
    script.changed_after = lambda cursor: [] if cursor == told else ["4", "5"]
    night()
    assert records() == ["4", "5", "6"]
    assert min(script.days) >= TODAY - 4 * DAY


@the_shop
def test_poll_from_says_what_is_ours() -> None:
    _, script = old_shop()
    Connection.objects.update(poll_from=timezone.now() - 30 * DAY, created_at=timezone.now())
    lists(script, d6=["1"])
    night()
    assert records() == ["1"]


@the_shop
def test_a_flow_that_came_later_does_not_get_what_had_been_told_before() -> None:
    shop, script = old_shop()
    accept(shop, Notice("order", "1"), door=Event.Door.POLL)
    Event.objects.update(received_at=timezone.now() - 5 * DAY)
    first = Flow.objects.get()
    late = Flow.objects.create(
        name="late",
        source=shop,
        target=first.target,
        source_resource="order",
        target_resource="invoice",
        enabled=True,
    )
    lists(script, d5=["1"])
    night()
    assert not SyncRecord.objects.filter(flow=late).exists() and not missing()


@the_shop
def test_every_flow_that_carries_it_must_have_it() -> None:
    shop, script = old_shop()
    accept(shop, Notice("order", "1"), door=Event.Door.POLL)
    first = Flow.objects.get()
    also = Flow.objects.create(
        name="also", source=shop, target=first.target, source_resource="order", target_resource="invoice", enabled=True
    )
    Flow.objects.update(created_at=LONG_AGO)
    lists(script, d5=["1"])
    night()
    assert SyncRecord.objects.get(flow=also).source_id == "1"


@the_shop
@pytest.mark.parametrize(
    "state", [{"state": "needs_login"}, {"state": "away"}, {"paused_until": timezone.now() + DAY}, {"enabled": False}]
)
def test_what_may_not_be_called_or_carries_nothing_is_left_alone(state: dict[str, object]) -> None:
    _, script = old_shop()
    if "enabled" in state:
        Flow.objects.update(**state)
    else:
        Connection.objects.update(**state)
    lists(script, d0=["1"])
    night()
    assert records() == [] and script.days == []


@the_shop
def test_a_round_begins_once_a_night_and_not_before_the_first() -> None:
    _, script = open_shop()
    count_tonight(math.inf)
    assert script.days == [], "a fresh connection has its first night before it"
    Connection.objects.update(created_at=LONG_AGO)
    count_tonight(math.inf)
    assert len(script.days) == len(set(script.days)) == 9
    count_tonight(math.inf)
    assert len(script.days) == 9


@the_shop
def test_a_round_goes_on_where_its_time_was_up() -> None:
    shop, script = old_shop()
    lists(script, d3=["1"])
    accept(shop, Notice("order", "1"), door=Event.Door.POLL)
    for days in range(1, 10):
        turn = turns.taken(turns.rows(Connection.objects.filter(pk=shop.pk))[0])
        assert turn
        step(turn, until=0.0)
        assert len(script.days) == len(set(script.days)) == days
    count_tonight(math.inf)
    assert len(script.days) == 9 and Completeness.objects.get().ended_at


@the_shop
@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (RateLimited("slowly", wait=120), 120),
        (RetryLater("away"), 600),
        (NeedsLogin("who?"), 600),
        (KeyError("x"), 600),
    ],
)
def test_a_source_that_fails_is_counted_on_later_from_the_same_day(error: Exception, wait: int) -> None:
    _, script = old_shop()
    lists(script, d6=["1"], d2=["2"])
    whole = script.listed
    script.listed = lambda day: fails(error) if day == TODAY - 4 * DAY else whole(day)
    night()
    row = Completeness.objects.get()
    assert records() == ["1"] and row.problem
    assert row.next_at and abs((row.next_at - timezone.now()).total_seconds() - wait) < 5
    script.listed = whole
    Connection.objects.update(state="ok", paused_until=None)
    Completeness.objects.update(next_at=None)
    count_tonight(math.inf)
    assert records() == ["1", "2"]
    assert script.days.count(TODAY - 6 * DAY) == 1 and script.days.count(TODAY - 4 * DAY) == 2
    assert "1 and 2" in missing()


def fails(error: Exception) -> Iterator[str]:
    raise error
    yield


@the_shop
def test_one_that_fails_keeps_no_other_from_being_counted() -> None:
    _, script = old_shop("a-broken")
    script.listed = lambda day: fails(RetryLater("away"))
    _, script = old_shop("b-fine")
    lists(script, d1=["7"])
    night()
    assert records() == ["7"]


@the_shop
def test_no_two_workers_take_the_same_step() -> None:
    old_shop()
    [row] = turns.rows(Connection.objects.filter(name="shop"))
    [same] = turns.rows(Connection.objects.filter(name="shop"))
    assert turns.taken(row) and not turns.taken(same)


@the_shop
def test_whoever_was_overtaken_by_a_new_round_writes_nothing() -> None:
    old_shop()
    [row] = turns.rows(Connection.objects.filter(name="shop"))
    mine = turns.taken(row)
    [same] = turns.rows(Connection.objects.filter(name="shop"))
    same.begun_at = None
    turns.begun(same, 7)
    assert mine
    with pytest.raises(TurnLost):
        mine.note(reached=None)
    assert Completeness.objects.get().reached


@the_shop
def test_whoever_was_so_slow_that_another_took_over_writes_nothing() -> None:
    old_shop()
    [row] = turns.rows(Connection.objects.filter(name="shop"))
    mine = turns.taken(row)
    Completeness.objects.update(next_at=LONG_AGO)
    [same] = turns.rows(Connection.objects.filter(name="shop"))
    theirs = turns.taken(same)
    assert mine and theirs
    with pytest.raises(TurnLost):
        mine.note(missing=["1"])
    mine.end(600, problem="too late")
    theirs.note(missing=["2"])
    assert (Completeness.objects.get().missing, Completeness.objects.get().problem) == (["2"], "")


@the_shop
def test_what_a_person_has_seen_to_is_told_again_only_with_something_new() -> None:
    _, script = old_shop()
    lists(script, d2=["1001"])
    night()
    end_alert("missing", "shop order", by="ada")
    night()
    assert not missing()
    lists(script, d2=["1001", "1002"])
    night()
    assert "told: 1002." in missing()


@the_shop
def test_the_schedule_counts() -> None:
    _, script = old_shop()
    lists(script, d1=["7"])
    tasks.count_tonight()
    assert records() == ["7"]


@the_shop
def test_the_command_counts_at_once_and_as_far_back_as_it_is_told() -> None:
    _, script = old_shop("a-shop")
    lists(script, d20=["1", "2"])
    _, script = old_shop("b-shop")
    out = StringIO()
    call_command("completeness", stdout=out)
    call_command("completeness", days=30, stdout=out)
    assert out.getvalue().splitlines() == [
        "a-shop order: nothing was missing",
        "b-shop order: nothing was missing",
        "a-shop order: 2 were missing and taken in: 1 and 2",
        "b-shop order: nothing was missing",
    ]


@the_shop
def test_the_command_says_what_it_could_not_count() -> None:
    _, script = old_shop()
    script.listed = lambda day: fails(RetryLater("it is away"))
    out = StringIO()
    with pytest.raises(CommandError, match="goes on by itself"):
        call_command("completeness", connection="shop", stdout=out)
    assert out.getvalue() == "shop order: it is away\n"
    with pytest.raises(CommandError, match="no connection named"):
        call_command("completeness", connection="nobody")


@the_shop
def test_a_long_list_is_known_by_few_questions(django_assert_max_num_queries: object) -> None:
    shop, script = old_shop()
    flow = Flow.objects.get()
    SyncRecord.objects.bulk_create(SyncRecord(flow=flow, source_id=str(number), date=TODAY) for number in range(1200))
    lists(script, d1=[str(number) for number in range(1200)])
    with django_assert_max_num_queries(75):  # type: ignore[operator]
        count_now(shop)
    assert not missing()


def test_webhooks_and_polls_were_lost_and_the_books_are_whole(world: World) -> None:
    """The cursor has moved past six orders of which nobody heard."""
    day = (TODAY - 3 * DAY).isoformat()
    world.store.trade(orders=6, seed=3, day=day)
    Cursor.objects.create(
        connection=world.source, resource="order", value={"since": (timezone.now() + DAY).isoformat()}
    )
    world.sync()
    assert records() == []
    [row] = count_now(world.source)
    assert row.ended_at and not row.problem
    assert len(records()) == 6 and missing().startswith("The count found 6 orders")
    world.work()
    assert not SyncRecord.objects.filter(state__in=SyncRecord.UNSETTLED).exists()
    assert len(world.invoices) == SyncRecord.objects.filter(state="posted").count() > 0
    count_now(world.source)
    assert not missing()
