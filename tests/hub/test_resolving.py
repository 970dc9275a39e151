"""Notices that name their record otherwise: the source is asked, patiently, and never at the cost of the others."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from connectors.base import Notice
from connectors.errors import Gone, NeedsLogin, RateLimited, Rejected, RetryLater
from connectors.models import Connection
from hub.intake.inbox import accept
from hub.intake.resolving import resolve_due, unresolved_due
from hub.models import Event, SyncRecord
from hub.queue import bells
from tests.hub.corner_shop import open_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]
HOUR = dt.timedelta(hours=1)


def hear(shop: Connection, number: str, *, ago: dt.timedelta = dt.timedelta()) -> Event:
    accept(shop, Notice("order", lookup=f"number={number}"), door=Event.Door.WEBHOOK)
    event = Event.objects.latest("pk")
    Event.objects.filter(pk=event.pk).update(received_at=event.received_at - ago)
    return event


def raises(error: Exception) -> Callable[[str], str]:
    def answer(lookup: str) -> str:
        raise error

    return answer


def resolved(event: Event) -> Event:
    """After a round of asking."""
    resolve_due()
    event.refresh_from_db()
    return event


def test_what_the_source_names_becomes_a_record_that_is_due() -> None:
    shop, script = open_shop()
    event = resolved(hear(shop, "15"))
    assert (event.source_id, event.resolve_at, event.problem) == ("15", None, "")
    assert SyncRecord.objects.get().source_id == "15"
    assert script.asked == ["number=15"]
    assert bells() == 1


def test_notices_that_name_a_record_alike_are_one_question() -> None:
    shop, script = open_shop()
    events = [hear(shop, "15") for _ in range(10)]
    assert resolved(events[0]).source_id == resolved(events[9]).source_id == "15"
    assert script.asked == ["number=15"]


def test_a_record_that_is_not_there_yet_is_asked_for_again() -> None:
    """The store announced it before its own transaction was committed."""
    shop, script = open_shop()
    script.resolve = raises(Gone("there is no order 15"))
    event = resolved(hear(shop, "15"))
    assert event.resolve_at and event.problem == "there is no order 15"
    script.resolve = lambda lookup: "4"
    Event.objects.update(resolve_at=timezone.now() - HOUR)
    assert (resolved(event).source_id, event.problem) == ("4", "")
    assert SyncRecord.objects.get().source_id == "4"


def test_a_record_that_never_comes_is_given_up_in_the_open() -> None:
    shop, script = open_shop()
    script.resolve = raises(Gone("there is no order 15"))
    event = resolved(hear(shop, "15", ago=HOUR))
    assert (event.resolve_at, event.source_id, event.problem) == (None, "", "there is no order 15")


def test_a_lookup_that_the_source_refuses_is_shown_to_a_person_and_not_repeated() -> None:
    shop, script = open_shop()
    script.resolve = raises(Rejected("two orders have the number 15", code="ambiguous"))
    event = resolved(hear(shop, "15"))
    assert (event.resolve_at, event.problem) == (None, "two orders have the number 15")


def test_a_resource_that_the_connector_does_not_know_is_shown_to_a_person() -> None:
    shop, _ = open_shop(resource="parcel")
    accept(shop, Notice("parcel", lookup="number=1"), door=Event.Door.WEBHOOK)
    event = resolved(Event.objects.get())
    assert event.resolve_at is None and "no resource named 'parcel'" in event.problem


def test_a_fault_of_ours_ends_nothing_and_is_tried_again_ever_more_rarely() -> None:
    shop, script = open_shop()
    script.resolve = lambda lookup: {}["order_id"] if lookup == "number=1" else lookup.partition("=")[2]
    young, old = hear(shop, "1"), hear(shop, "1", ago=HOUR)
    hear(shop, "2")
    resolve_due()
    assert SyncRecord.objects.get().source_id == "2"
    assert "KeyError" in resolved(young).problem
    assert _wait(resolved(young)) < _wait(resolved(old))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NeedsLogin("who are you?"), "needs_login"),
        (RateLimited("slowly", wait=60), "paused"),
        (RetryLater("away"), None),
    ],
)
def test_a_store_that_does_not_answer_is_asked_once_and_left_alone(error: Exception, state: str | None) -> None:
    away, script = open_shop("away")
    script.resolve = raises(error)
    for number in range(20):
        hear(away, str(number))
    fine, _ = open_shop("fine")
    hear(fine, "7")
    resolve_due()
    resolve_due()
    assert len(script.asked) == 1
    assert SyncRecord.objects.get().source_id == "7"
    away.refresh_from_db()
    assert away.state == (state or "new")
    assert not unresolved_due().exists()


@pytest.mark.parametrize("state", [{"state": "needs_login"}, {"paused_until": timezone.now() + HOUR}])
def test_a_store_that_is_paused_or_needs_login_is_not_asked(state: dict[str, object]) -> None:
    shop, script = open_shop("shop", **state)
    event = resolved(hear(shop, "15"))
    assert script.asked == []
    assert event.resolve_at and event.problem == ""


def test_asking_ends_in_time_and_what_is_left_stays_due() -> None:
    shop, script = open_shop()
    script.resolve = lambda lookup: time.sleep(0.05) or lookup.partition("=")[2]
    for number in range(20):
        hear(shop, str(number))
    asked = resolve_due(seconds=0.2)
    assert 1 <= asked < 8
    assert unresolved_due().count() == 20 - asked


def test_many_workers_ask_once_for_each() -> None:
    shop, script = open_shop()
    for number in range(20):
        hear(shop, str(number))

    def work(_: int) -> int:
        try:
            return resolve_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    while unresolved_due().exists():
        done.append(resolve_due())
    assert sum(done) == len(script.asked) == SyncRecord.objects.count() == 20


def _wait(event: Event) -> float:
    assert event.resolve_at
    return (event.resolve_at - timezone.now()).total_seconds()
