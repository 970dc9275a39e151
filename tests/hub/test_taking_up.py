"""Taking up what the door has stored: each notice becomes an event once, whoever dies or fails on the way."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from connectors.base import Notice
from connectors.models import Connection
from hub import tasks
from hub.books.agreement import agreement
from hub.engine import clock
from hub.engine.drain import drain
from hub.engine.schedule import seconds_until_due
from hub.intake import stored as storage
from hub.intake.inbox import accept, take_up_stored
from hub.intake.masking import MASK
from hub.intake.waking import BACKFILL, LIVE
from hub.models import Event, Flow, SyncRecord, WebhookRequest
from hub.queue import bells
from tests.hub.corner_shop import SECRET, open_shop, told
from tests.hub.dying import killed_at, time_passes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]
ORDER = told({"resource": "order", "id": "1"})


def store(body: bytes = ORDER, *, secret: str | None = None, ago: float = 0, **more: Any) -> WebhookRequest:
    """As the door leaves it; with a `secret`, as it leaves what it could not verify."""
    given = {"verified": secret is None, "headers": {"x-shop-password": secret or MASK, "x-topic": "orders"}}
    retry_at = clock.now() - dt.timedelta(seconds=ago)
    return WebhookRequest.objects.create(
        connection=Connection.objects.get(name="shop"), body=body, retry_at=retry_at, **given | more
    )


def states() -> Counter[str]:
    return Counter(WebhookRequest.objects.values_list("state", flat=True))


# --- together ---


def test_many_requests_about_few_records_are_few_statements() -> None:
    open_shop()
    for number in range(90):
        store(told({"resource": "order", "id": str(number % 9)}))
    with counted() as statements:
        assert take_up_stored() == 90
    assert len(statements) < 25
    assert states() == {"accepted": 90}
    assert Event.objects.count() == 90
    assert set(SyncRecord.objects.values_list("source_id", "wanted")) == {(str(number), 10) for number in range(9)}


def test_where_nothing_is_stored_that_is_one_query() -> None:
    open_shop()
    store(ago=-60)
    with counted() as statements:
        assert take_up_stored() == 0
    assert len(statements) == 1


def test_a_delivery_that_comes_twice_in_one_batch_is_one_event() -> None:
    open_shop()
    for _ in range(2):
        store(told({"resource": "order", "id": "1", "delivery_id": "d-1"}))
    take_up_stored()
    assert (Event.objects.count(), SyncRecord.objects.get().wanted) == (1, 1)
    assert states() == {"accepted": 2}


def test_a_delivery_that_was_known_wakes_nobody() -> None:
    open_shop()
    told_before = told({"resource": "order", "id": "1", "delivery_id": "d-1"})
    store(told_before)
    take_up_stored()
    SyncRecord.objects.update(state="posted", due_at=None)
    store(told_before)
    take_up_stored()
    assert (Event.objects.count(), SyncRecord.objects.get().state) == (1, "posted")


def test_the_same_request_taken_up_again_is_no_new_event() -> None:
    open_shop()
    request = store(told({"resource": "order", "id": "1"}, {"resource": "order", "id": "1"}))
    take_up_stored()
    WebhookRequest.objects.filter(pk=request.pk).update(state="stored", retry_at=clock.now(), tries=0)
    take_up_stored()
    assert (Event.objects.count(), SyncRecord.objects.get().wanted) == (2, 2)


def test_every_flow_is_told_disabled_ones_too() -> None:
    shop, _ = open_shop()
    flow = Flow.objects.get()
    Flow.objects.create(
        name="second",
        source=shop,
        target=flow.target,
        source_resource="order",
        target_resource="invoice",
        enabled=False,
    )
    store()
    take_up_stored()
    assert SyncRecord.objects.filter(state="pending", wanted=1).count() == 2


def test_what_names_its_record_otherwise_is_asked_for_where_a_flow_listens() -> None:
    open_shop()
    store(told({"resource": "order", "lookup": "number=1"}, {"resource": "customer", "lookup": "email=a@example.com"}))
    take_up_stored()
    asked = dict(Event.objects.values_list("lookup", "resolve_at"))
    assert asked["number=1"] is not None and asked["email=a@example.com"] is None
    assert not SyncRecord.objects.exists()


def test_a_live_webhook_brings_backfilled_work_forward_and_opens_what_is_at_rest() -> None:
    shop, _ = open_shop()
    accept(shop, Notice("order", "1"), door=Event.Door.BACKFILL, priority=BACKFILL)
    accept(shop, Notice("order", "2"), door=Event.Door.HAND)
    SyncRecord.objects.filter(source_id="2").update(state="posted", due_at=None)
    SyncRecord.objects.filter(source_id="1").update(owner="somebody", state="working")
    store(told({"resource": "order", "id": "1"}, {"resource": "order", "id": "2"}))
    take_up_stored()
    told_of = {record.source_id: record for record in SyncRecord.objects.all()}
    assert (told_of["1"].state, told_of["1"].wanted, told_of["1"].priority) == ("working", 2, LIVE)
    assert (told_of["2"].state, told_of["2"].wanted) == ("pending", 2)
    assert told_of["2"].due_at is not None


def test_workers_that_take_up_at_once_count_everything_once() -> None:
    open_shop()
    ids = [str(number) for number in range(12)]
    for number in range(120):
        order = ids if number % 2 else ids[::-1]
        store(told(*({"resource": "order", "id": id, "delivery_id": f"{number % 60}-{id}"} for id in order)))

    def take_up(_: int) -> int:
        try:
            return take_up_stored(10)
        finally:
            connection.close()

    storage_batch, storage.BATCH = storage.BATCH, 7
    try:
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(take_up, range(4))) == 120
    finally:
        storage.BATCH = storage_batch
    assert states() == {"accepted": 120}
    assert Event.objects.count() == 60 * 12
    assert set(SyncRecord.objects.values_list("wanted", flat=True)) == {60}


# --- what goes wrong ---


def test_a_worker_killed_at_any_point_loses_and_doubles_nothing() -> None:
    open_shop()
    for point in range(1, 40):
        SyncRecord.objects.all().delete()
        Event.objects.all().delete()
        WebhookRequest.objects.all().delete()
        for number in range(6):
            store(told({"resource": "order", "id": str(number % 2)}))
        killed = killed_at(point, take_up_stored)
        for _ in range(6):
            time_passes()
            take_up_stored()
        assert states() == {"accepted": 6}, point
        assert Event.objects.count() == 6, point
        assert set(SyncRecord.objects.values_list("wanted", flat=True)) == {3}, point
        if not killed:
            break
    assert point > 8, "it was hardly started"


@pytest.mark.parametrize("table", ["hub_event", "hub_syncrecord", "hub_webhookrequest"])
def test_a_database_that_cannot_write_leaves_everything_as_it_was(table: str) -> None:
    open_shop()
    store()
    with broken_table(table), pytest.raises(OperationalError):
        take_up_stored()
    assert not Event.objects.exists() and states() == {"stored": 1}
    time_passes()
    take_up_stored()
    assert states() == {"accepted": 1}
    assert SyncRecord.objects.get().source_id == "1"


def test_what_cannot_be_read_takes_nothing_along_and_is_tried_again() -> None:
    _, script = open_shop()
    broken = store(b"no json at all")
    store()
    take_up_stored()
    assert states() == {"accepted": 1, "stored": 1}
    broken.refresh_from_db()
    assert broken.problem.startswith("JSONDecodeError")
    assert broken.retry_at and broken.retry_at > clock.now()
    script.read = lambda webhook: [Notice("order", "2")]
    time_passes()
    take_up_stored()
    broken.refresh_from_db()
    assert (broken.state, broken.problem) == ("accepted", "")


def test_a_name_that_no_column_can_hold_takes_nothing_along() -> None:
    open_shop()
    store(told({"resource": "x" * 300 + "\x00", "id": "2"}))
    store()
    take_up_stored()
    assert SyncRecord.objects.get().source_id == "1"
    assert states()["accepted"] >= 1


def test_what_its_taker_died_of_comes_by_itself_the_next_time() -> None:
    open_shop()
    for _ in range(3):
        store(tries=1)
    store()
    taken = [len(storage.claimed()) for _ in range(5)]
    assert taken == [1, 1, 1, 1, 0]
    assert WebhookRequest.objects.filter(tries=2).count() == 3


def test_what_the_door_could_not_verify_is_verified_first() -> None:
    open_shop()
    store(secret="wrong")
    store(secret=SECRET)
    take_up_stored()
    assert states() == {"rejected": 1, "accepted": 1}
    assert {request.headers["x-shop-password"] for request in WebhookRequest.objects.all()} == {MASK}
    assert Event.objects.count() == 1


def test_what_still_cannot_be_verified_keeps_what_it_needs_for_that() -> None:
    _, script = open_shop()

    def fail(_: Any) -> None:
        raise KeyError("no such key")

    script.verify = fail
    store(secret=SECRET)
    take_up_stored()
    request = WebhookRequest.objects.get()
    assert (request.state, request.headers["x-shop-password"]) == ("stored", SECRET)
    script.verify = lambda webhook: None
    time_passes()
    take_up_stored()
    assert states() == {"accepted": 1}


# --- who finds it ---


def test_a_drain_takes_up_what_is_stored() -> None:
    open_shop()
    store()
    drain(threads=1)
    assert states() == {"accepted": 1}


def test_work_is_not_done_while_something_is_stored() -> None:
    open_shop()
    assert seconds_until_due() is None
    store()
    assert (seconds_until_due() or 0) <= 0


def test_the_sweep_rings_for_what_is_stored_although_its_bell_was_lost() -> None:
    open_shop()
    store()
    tasks.sweep()
    assert bells() == 1


def test_the_books_do_not_agree_while_a_genuine_webhook_waits_to_be_read() -> None:
    open_shop()
    today = timezone.localdate()
    assert agreement(today, today).agree
    store(secret="not verified, so it may be anybody's")
    assert agreement(today, today).agree
    store()
    [pair] = agreement(today, today).pairs
    assert (pair.currency, pair.received.count, pair.pending.count, pair.agrees) == ("", 1, 1, False)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Apart from asking PostgreSQL for the time, which is done once a minute."""
    statements: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "clock_timestamp" not in sql:
            statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield statements


@contextmanager
def broken_table(table: str) -> Iterator[None]:
    """A full disk, as far as this table is concerned."""

    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith((f'INSERT INTO "{table}"', f'INSERT OR IGNORE INTO "{table}"', f'UPDATE "{table}"')):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield
