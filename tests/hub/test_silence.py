"""The silence alarm: told when a source has been silent for unusually long, and taken back by its next news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from django.conf import LazySettings
from django.db import connection as database
from django.utils import timezone

from connectors.models import Connection
from hub import tasks
from hub.alerts import end_alert
from hub.intake.silence import DOORS, duration, hear_silence
from hub.models import Alert, Event, Flow
from tests.hub.corner_shop import open_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]
NOW = timezone.now()
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def shop() -> Connection:
    """Sells all day and all night, and answers."""
    shop, _ = open_shop(state="ok", last_ok_at=timezone.now())
    return shop


def every(step: dt.timedelta, since: dt.timedelta, until: dt.timedelta) -> Iterable[dt.datetime]:
    """From so long ago to so long ago."""
    moment = NOW - since
    while moment < NOW - until:
        yield moment
        moment += step


def hear(shop: Connection, door: str, times: Iterable[dt.datetime], **more: object) -> None:
    wanted = list(times)
    start = Event.objects.count()
    events = [
        Event(connection=shop, key=f"{door}:{start + n}", door=door, resource="order", source_id=str(start + n), **more)
        for n, _ in enumerate(wanted)
    ]
    made = Event.objects.bulk_create(events)
    for event, time in zip(made, wanted, strict=True):
        event.received_at = time
    Event.objects.bulk_update(made, ["received_at"], batch_size=500)


def told() -> list[str]:
    return list(Alert.objects.filter(kind="silence", ended_at=None).values_list("message", flat=True))


def test_a_silence_is_told_and_ends_with_the_next_news(shop: Connection) -> None:
    hear(shop, "webhook", every(HOUR / 2, 20 * DAY, 9 * HOUR))
    tasks.hear_silence()
    assert told() == [
        "shop has been silent for 9 hours; at this time of the week it is usually heard from at least every 30 minutes."
    ]
    hear(shop, "webhook", [NOW])
    hear_silence()
    assert told() == [] and Alert.objects.get().ended_by == ""


def test_whoever_is_heard_by_any_door_is_not_silent(shop: Connection) -> None:
    hear(shop, "webhook", every(HOUR, 20 * DAY, 9 * HOUR))
    hear(shop, "poll", [NOW - HOUR / 4])
    hear_silence()
    assert told() == []


@pytest.mark.parametrize("door", ["backfill", "sweep", "hand"])
def test_what_we_have_fetched_ourselves_is_no_news(shop: Connection, door: str) -> None:
    hear(shop, "webhook", every(HOUR / 2, 20 * DAY, 9 * HOUR))
    hear(shop, door, [NOW])
    hear_silence()
    assert len(told()) == 1


def test_a_poll_that_reads_what_changed_long_ago_is_no_news(shop: Connection) -> None:
    hear(shop, "webhook", every(HOUR / 2, 20 * DAY, 9 * HOUR))
    hear(shop, "poll", [NOW], changed_at=NOW - 9 * HOUR)
    hear_silence()
    assert len(told()) == 1


def test_webhooks_that_stay_away_while_polling_finds_news_are_told(shop: Connection) -> None:
    hear(shop, "webhook", every(HOUR / 2, 20 * DAY, 9 * HOUR))
    hear(shop, "poll", every(HOUR / 2, 20 * DAY, HOUR / 4))
    hear_silence()
    assert told() == [
        "No webhook of shop has come for 9 hours, though polling finds news; at this time of the week one usually comes "
        "at least every 30 minutes."
    ]
    hear(shop, "webhook", [NOW])
    hear_silence()
    assert told() == []


def test_a_shop_that_never_sent_webhooks_is_not_missed_at_that_door(shop: Connection) -> None:
    hear(shop, "poll", every(HOUR / 2, 20 * DAY, HOUR / 4))
    hear_silence()
    assert told() == []


def test_what_a_person_has_seen_to_is_told_again_only_for_another_silence(shop: Connection) -> None:
    hear(shop, "webhook", every(HOUR / 2, 20 * DAY, 9 * HOUR))
    hear_silence()
    end_alert("silence", "shop", by="ada")
    hear_silence()
    assert told() == []
    Alert.objects.update(raised_at=NOW - 10 * HOUR)
    hear_silence()
    assert len(told()) == 1


@pytest.mark.parametrize(
    "state",
    [
        {"state": "needs_login"},
        {"state": "away"},
        {"paused_until": NOW + DAY},
        {"last_ok_at": NOW - DAY},  # the hub itself was away, and has not polled since
        {"last_ok_at": None},
    ],
)
def test_whoever_cannot_be_heard_is_not_called_silent(shop: Connection, state: dict[str, object]) -> None:
    hear(shop, "webhook", every(HOUR / 2, 20 * DAY, 9 * HOUR))
    Connection.objects.filter(pk=shop.pk).update(**state)
    hear_silence()
    assert told() == []


def test_it_can_be_switched_off(shop: Connection, settings: LazySettings) -> None:
    hear(shop, "webhook", every(HOUR / 2, 20 * DAY, 9 * HOUR))
    settings.SILENCE_ALARM = False
    hear_silence()
    settings.SILENCE_ALARM = True
    Flow.objects.update(enabled=False)
    hear_silence()
    assert told() == []


def test_a_look_costs_the_same_however_much_was_heard(shop: Connection, django_assert_max_num_queries: object) -> None:
    hear(shop, "webhook", every(HOUR / 4, 20 * DAY, HOUR / 4))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        hear_silence()
    looked = Event.objects.filter(connection=shop, door=DOORS[0], received_at__gte=NOW - 28 * DAY)
    if database.vendor == "sqlite":
        assert "event_heard" in looked.order_by("-received_at")[:1].explain()


def test_durations_are_said_shortly() -> None:
    said = [duration(dt.timedelta(minutes=minutes)) for minutes in (0.2, 40, 119, 120, 2879, 2880, 9000)]
    assert said == ["1 minute", "40 minutes", "119 minutes", "2 hours", "47 hours", "2 days", "6 days"]
