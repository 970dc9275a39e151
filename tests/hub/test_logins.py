"""Logins that end: the connection waits for a person, nothing else does, and after a new consent the books agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from connectors import oauth
from connectors.base import Notice
from connectors.models import Connection
from connectors.vault import DatabaseVault
from hub.engine.claim import due
from hub.engine.drain import drain
from hub.engine.schedule import seconds_until_due
from hub.intake.inbox import accept
from hub.intake.polling import poll
from hub.models import Attempt, Event, SyncRecord
from hub.queue import bells
from tests.hub.consent import consent
from tests.hub.dying import die, ended, in_a_child, start_child, time_passes
from tests.hub.ledger import whole_agreement
from tests.hub.world import World, add_store
from tests.oracle import violations

ORDERS = 4
AGO = (timezone.now() - dt.timedelta(hours=1)).isoformat()


@pytest.fixture
def expired(world: World) -> World:
    """Orders wait, and the books' access token has come to its end."""
    assert world.target.connector_class.offers("authorize_url")
    world.books.switch["rate_window"] = 0
    for seed in range(ORDERS):
        world.place(kind="simple", seed=seed)
    world.poll()
    DatabaseVault(world.target.pk).put(expires_at=AGO)
    return world


def refreshes(world: World) -> int:
    """Calls for a token: every vendor's has that in its path."""
    return sum("token" in path for _, path, _ in world.books.log)


def die_before_saving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the vendor's answer and our save, in whatever process it is."""
    monkeypatch.setattr(DatabaseVault, "put", lambda *_, **__: die())


def lose_the_login(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        die_before_saving(patch)
        assert in_a_child(lambda: drain(threads=1))
    assert refreshes(world) == 1
    time_passes()
    drain(threads=1)
    world.target.refresh_from_db()


def states() -> set[tuple[str, str, int]]:
    return set(SyncRecord.objects.values_list("state", "reason", "failures"))


def test_a_kill_between_the_answer_and_our_save_ends_in_needs_login_and_every_record_waits(
    expired: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_login(expired, monkeypatch)
    assert expired.target.state == Connection.State.NEEDS_LOGIN
    assert SyncRecord.objects.exclude(state__in=["waiting", "pending"]).count() == 0
    assert {failures for _, _, failures in states()} == {0}
    assert refreshes(expired) == 2
    assert expired.invoices == []


def test_nothing_is_planned_or_called_while_a_login_is_missing(expired: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lose_the_login(expired, monkeypatch)
    calls, attempts = len(expired.books.log) + len(expired.store.log), Attempt.objects.count()
    for _ in range(5):
        time_passes()
        assert drain(threads=2) == 0
        assert seconds_until_due() is None
    assert not due(timezone.now()).exists()
    assert (len(expired.books.log) + len(expired.store.log), Attempt.objects.count()) == (calls, attempts)


def test_a_notice_that_must_be_looked_up_does_not_keep_anybody_busy_meanwhile(world: World) -> None:
    accept(world.source, Notice("order", lookup="increment_id=1"), door=Event.Door.WEBHOOK)
    world.source.ask_for_login("the token was revoked")
    drain(threads=1)
    assert seconds_until_due() is None


def test_after_a_new_consent_everything_drains_by_itself_and_the_books_agree(
    expired: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_login(expired, monkeypatch)
    OrmQ.objects.all().delete()
    consent(expired.target, expired.books)
    assert expired.target.state == Connection.State.OK
    assert bells() == 1
    expired.work()
    assert states() == {("posted", "", 0)}
    assert violations(expired.store.expectations(), expired.books.state()) == []
    assert whole_agreement().agree


def test_a_login_that_is_lost_in_the_middle_of_a_record_leaves_nothing_behind_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The invoice stands, and its payment waits for the login."""
    world.place(kind="simple", seed=1)
    world.poll()
    world.fault(kind="status", status=401, path="payment", times=-1)
    world.work()
    world.target.refresh_from_db()
    assert (world.target.state, len(world.invoices), len(world.payments)) == ("needs_login", 1, 0)
    assert states() == {("waiting", "needs_login", 0)}
    world.books.faults.clear()
    consent(world.target, world.books)
    world.work()
    assert violations(world.store.expectations(), world.books.state()) == []


def test_a_lost_answer_to_the_refresh_is_a_lost_login_and_no_doubtful_posting(expired: World) -> None:
    expired.fault(kind="lost", path="token")
    expired.work()
    expired.target.refresh_from_db()
    assert expired.target.state == Connection.State.NEEDS_LOGIN
    consent(expired.target, expired.books)
    expired.work()
    assert states() == {("posted", "", 0)}


def test_two_processes_that_refresh_at_once_make_one_call(expired: World) -> None:
    expired.fault(kind="late", seconds=0.5, path="token", times=-1)
    for child in [start_child(lambda: drain(threads=2)) for _ in range(2)]:
        assert not ended(child)
    expired.work()
    assert refreshes(expired) == 1
    assert states() == {("posted", "", 0)}


def test_the_process_that_waits_for_a_dead_refresher_asks_itself(
    expired: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dead one had not called yet, so nothing is lost but the time of its lease."""
    with monkeypatch.context() as patch:
        patch.setattr(oauth, "_renewed", die)
        assert in_a_child(lambda: drain(threads=1))
    assert refreshes(expired) == 0
    time_passes()
    expired.work()
    assert states() == {("posted", "", 0)}


# --- what else goes on, and who is told ---


@pytest.fixture
def second(world: World) -> Iterator[Any]:
    """Another store into the same books."""
    store, source = add_store(world, world.source.kind, invoice_prefix="S2-")
    yield store, source
    store.close()


def test_records_of_other_connections_go_on(world: World, second: Any) -> None:
    store, source = second
    world.place(kind="simple", seed=1)
    store.place({"kind": "simple", "seed": 2})
    world.poll()
    poll(source)
    source.ask_for_login("the token was revoked")
    world.work()
    found = dict(SyncRecord.objects.values_list("flow__source__name", "state"))
    assert found == {"store": "posted", "store-2": "pending"}
    source.reopen()
    world.work()
    assert states() == {("posted", "", 0)}


def test_the_home_page_says_which_connection_needs_a_login(world: World) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("owner"))
    world.target.ask_for_login("the books refused the login")
    page = client.get("/admin/").content.decode()
    assert "needs login" in page
    assert "The books refused the login. Open it and press “Log in”." in page
