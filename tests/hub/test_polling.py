"""Polling: each connection for itself, so that one that is away keeps nobody from being read."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.errors import NeedsLogin, RateLimited, RetryLater
from hub import tasks
from hub.intake.polling import poll, try_to_poll
from hub.models import Cursor, SyncRecord
from tests.hub.corner_shop import open_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]


def fails(error: Exception) -> Iterator[str]:
    raise error
    yield


def records() -> list[str]:
    return sorted(SyncRecord.objects.values_list("source_id", flat=True))


@pytest.mark.parametrize(
    "error", [RetryLater("it is away"), NeedsLogin("who are you?"), RateLimited("slowly", wait=60), KeyError("items")]
)
def test_a_store_that_fails_keeps_no_other_from_being_read(error: Exception) -> None:
    for name, changed in {"a-first": (), "b-broken": None, "c-last": ("7",)}.items():
        _, script = open_shop(name)
        script.changed = (lambda: fails(error)) if changed is None else (lambda found=changed: found)
    tasks.poll_all()
    assert records() == ["7"]


def test_a_store_that_hangs_keeps_no_other_waiting() -> None:
    _, slow = open_shop("a-slow")
    slow.changed = lambda: time.sleep(1) or ()
    _, script = open_shop("b-last")
    seen: list[float] = []
    script.changed = lambda: seen.append(time.monotonic()) or ("7",)
    began = time.monotonic()
    tasks.poll_all()
    assert records() == ["7"]
    assert seen[0] - began < 0.9


def test_what_was_read_before_a_failure_is_kept() -> None:
    shop, script = open_shop()

    def two_then_none() -> Iterator[str]:
        yield from ("1", "2")
        raise RetryLater("it is away")

    script.changed = two_then_none
    with pytest.raises(RetryLater):
        poll(shop)
    assert records() == ["1", "2"]
    assert Cursor.objects.get().value == {"since": "2"}


def test_a_cursor_that_stands_still_is_written_once() -> None:
    shop, script = open_shop()
    script.changed = lambda: ("1", "1", "1")
    with CaptureQueriesContext(connection) as seen:
        poll(shop)
    assert sum(query["sql"].startswith('UPDATE "hub_cursor"') for query in seen) == 1


def test_a_resource_that_cannot_be_read_keeps_no_other_of_its_store_from_being_read() -> None:
    open_shop(resource="broken")
    shop, script = open_shop()
    script.changed = lambda: ("1",)
    assert "KeyError" in try_to_poll(shop).problem
    assert records() == ["1"]


@pytest.mark.parametrize(
    "state", [{"state": "needs_login"}, {"paused_until": timezone.now() + dt.timedelta(hours=1), "state": "paused"}]
)
def test_what_is_paused_or_needs_login_is_left_alone(state: dict[str, object]) -> None:
    _, script = open_shop("shop", **state)
    script.changed = lambda: ("1",)
    tasks.poll_all()
    out = StringIO()
    call_command("poll", stdout=out)
    assert records() == []
    assert "shop: left alone" in out.getvalue()


def test_a_pause_that_is_over_holds_nobody_back() -> None:
    _, script = open_shop("shop", state="paused", paused_until=timezone.now() - dt.timedelta(seconds=1))
    script.changed = lambda: ("1",)
    tasks.poll_all()
    assert records() == ["1"]


def test_a_round_ends_in_time_and_the_next_goes_on_where_it_ended() -> None:
    shop, script = open_shop()
    script.changed = lambda: (str(number) for number in range(5))
    assert try_to_poll(shop, until=time.monotonic()).new == 1
    assert Cursor.objects.get().value == {"since": "0"}


def test_the_command_reads_the_others_and_says_who_failed() -> None:
    _, script = open_shop("a-broken")
    script.changed = lambda: fails(RetryLater("it is away"))
    _, script = open_shop("b-fine")
    script.changed = lambda: ("1", "2")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="a-broken could not be read to the end"):
        call_command("poll", stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("b-fine: 2 new notices\n", "a-broken: it is away\n")


def test_a_connection_that_was_named_is_asked_even_if_it_needs_login() -> None:
    _, script = open_shop("shop", state="needs_login")
    script.changed = lambda: ("1",)
    call_command("poll", connection="shop", stdout=StringIO())
    assert records() == ["1"]
