"""A connection's health when several workers speak at once, its lessons, and the lease of its vault."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from connectors.errors import RateLimited
from connectors.models import Connection
from connectors.vault import DatabaseVault, connect

pytestmark = pytest.mark.django_db
State = Connection.State


@pytest.fixture
def connection() -> Connection:
    return Connection.objects.create(name="books", kind="freshbooks", settings={}, state=State.OK)


def stale(connection: Connection) -> Connection:
    """As another worker has read it before."""
    return Connection.objects.get(pk=connection.pk)


def kept(connection: Connection) -> tuple[str, str]:
    connection.refresh_from_db()
    return connection.state, connection.state_reason


def pause_left(connection: Connection) -> float:
    connection.refresh_from_db()
    assert connection.paused_until
    return (connection.paused_until - timezone.now()).total_seconds()


# --- what an answer says ---


def test_an_answer_makes_a_new_connection_work() -> None:
    connection = Connection.objects.create(name="books", kind="freshbooks")
    connection.mark_ok()
    assert (connection.state, kept(connection)) == (State.OK, (State.OK, "")) and connection.last_ok_at


def test_an_answer_that_is_older_than_a_pause_does_not_end_it(connection: Connection) -> None:
    other = stale(connection)
    connection.pause(60, "too many calls")
    other.mark_ok()
    assert kept(connection) == (State.PAUSED, "too many calls") and 55 < pause_left(connection) <= 60
    assert other.state == State.PAUSED


def test_an_answer_that_is_older_than_a_refused_login_does_not_undo_it(connection: Connection) -> None:
    other = stale(connection)
    connection.ask_for_login("expired")
    other.mark_ok()
    assert kept(connection) == (State.NEEDS_LOGIN, "expired")


def test_an_answer_after_a_pause_ends_it(connection: Connection) -> None:
    connection.pause(60, "too many calls")
    Connection.objects.update(paused_until=timezone.now() - dt.timedelta(seconds=1))
    connection.mark_ok()
    assert kept(connection) == (State.OK, "") and connection.paused_until is None


def test_answers_in_a_row_are_written_once_a_minute(connection: Connection, django_assert_num_queries: object) -> None:
    connection.mark_ok()
    with django_assert_num_queries(0):  # type: ignore[operator]
        connection.mark_ok()


# --- pauses ---


def test_the_longer_of_two_pauses_holds(connection: Connection) -> None:
    other = stale(connection)
    connection.pause(600, "an hour's quota is used")
    other.pause(5, "too many calls")
    assert kept(connection) == (State.PAUSED, "an hour's quota is used") and pause_left(connection) > 590
    other.pause(900, "and longer")
    assert kept(connection) == (State.PAUSED, "and longer") and pause_left(connection) > 890


def test_a_pause_does_not_hide_that_a_login_is_needed(connection: Connection) -> None:
    other = stale(connection)
    connection.ask_for_login("expired")
    other.pause(60, "too many calls")
    assert kept(connection) == (State.NEEDS_LOGIN, "expired")
    assert other.state == State.NEEDS_LOGIN


def test_a_login_ends_all_that_stood_in_the_way(connection: Connection) -> None:
    connection.pause(60, "too many calls")
    connection.ask_for_login("expired")
    connection.reopen()
    assert kept(connection) == (State.OK, "") and connection.paused_until is None
    connection.pause(60, "too many calls")
    connection.reopen()
    assert kept(connection) == (State.OK, "") and connection.paused_until is None


def test_a_paused_connection_makes_no_call(connection: Connection) -> None:
    connection.pause(60, "too many calls")
    with pytest.raises(RateLimited) as limited:
        connect(connection).budget.take("read")
    assert limited.value.code == "paused" and 55 < limited.value.wait <= 60


# --- lessons ---


def test_lessons_learned_at_once_are_both_kept(connection: Connection) -> None:
    other = stale(connection)
    connection.learn("items")
    other.learn("negative_lines")
    connection.refresh_from_db()
    assert connection.learned == other.learned == {"items": False, "negative_lines": False}


# --- the lease ---


def test_one_holder_has_the_lease(connection: Connection) -> None:
    with DatabaseVault(connection.pk).lease() as mine:
        assert mine and not DatabaseVault(connection.pk)._claim("another")
    with DatabaseVault(connection.pk).lease() as again:
        assert again


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_lease_holds_whatever_the_clock_of_a_machine_says(connection: Connection, hours: int) -> None:
    with DatabaseVault(connection.pk).lease():
        with time_machine.travel(timezone.now() + dt.timedelta(hours=hours)):
            assert not DatabaseVault(connection.pk)._claim("a machine whose clock is wrong")


def test_the_lease_of_a_holder_that_died_ends_by_itself(connection: Connection) -> None:
    vault = DatabaseVault(connection.pk)
    assert vault._claim("somebody who dies")
    Connection.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    with vault.lease() as mine:
        assert mine


def test_a_lease_that_was_lost_is_not_taken_from_the_next_holder(connection: Connection) -> None:
    with DatabaseVault(connection.pk).lease():
        Connection.objects.update(lease_owner="the next holder")
    connection.refresh_from_db()
    assert connection.lease_owner == "the next holder"
