"""/readyz: whether work is done in time, as a load balancer or an operator asks it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from connectors.models import Connection
from hub.engine import clock
from hub.models import SyncRecord, WebhookRequest
from hub.queue.doorbell import BEAT_KEY
from tests.hub.rows import make_flow

pytestmark = pytest.mark.django_db
LONG = dt.timedelta(minutes=6)


@pytest.fixture(autouse=True)
def a_worker_beats(db: None) -> None:
    cache.set(BEAT_KEY, timezone.now())


def asked() -> tuple[int, Any]:
    response = Client().get("/readyz")
    return response.status_code, response.json()


def stored(connection: Connection, late: dt.timedelta, state: str = WebhookRequest.State.STORED) -> None:
    WebhookRequest.objects.create(
        connection=connection, body=b"{}", state=state, verified=True, retry_at=clock.now() - late
    )


def test_with_nothing_to_do_it_is_ready() -> None:
    assert asked() == (200, {"status": "ok", "problems": [], "oldest_due_seconds": 0})


def test_a_record_that_nobody_works_on_is_a_problem() -> None:
    SyncRecord.objects.create(flow=make_flow(), source_id="1", date=timezone.localdate(), due_at=clock.now() - LONG)
    status, told = asked()
    assert status == 503 and 360 <= told["oldest_due_seconds"] < 400
    assert told["problems"] == [f"a record has been due for {told['oldest_due_seconds']} seconds"]


def test_a_webhook_that_nobody_reads_is_a_problem() -> None:
    stored(make_flow().source, LONG)
    status, told = asked()
    assert status == 503 and 360 <= told["oldest_due_seconds"] < 400
    assert told["problems"] == [f"a webhook has been waiting for {told['oldest_due_seconds']} seconds to be read"]


def test_a_webhook_that_was_stored_a_moment_ago_is_none() -> None:
    stored(make_flow().source, dt.timedelta(seconds=3))
    status, told = asked()
    assert (status, told["problems"]) == (200, []) and told["oldest_due_seconds"] >= 3


def test_a_webhook_that_is_tried_again_later_or_was_refused_is_none() -> None:
    source = make_flow().source
    stored(source, -LONG)
    stored(source, LONG, WebhookRequest.State.REJECTED)
    assert asked() == (200, {"status": "ok", "problems": [], "oldest_due_seconds": 0})


def test_without_a_worker_it_is_not_ready() -> None:
    cache.set(BEAT_KEY, timezone.now() - LONG)
    assert asked()[1]["problems"] == ["no worker has reported for five minutes"]
