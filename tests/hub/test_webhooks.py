"""The webhook door: whatever happens, what a vendor was told is kept is kept, and nobody is told why he was refused."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from connectors.base import Notice
from connectors.models import Connection
from hub import tasks
from hub.intake.masking import MASK
from hub.models import Event, SyncRecord, WebhookRequest
from hub.wsgi import application
from tests.hub.corner_shop import SECRET, open_shop, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]
ORDER = told({"resource": "order", "id": "1"})


def post(body: bytes = ORDER, *, secret: str = SECRET, to: str = "shop", **headers: str) -> Any:
    return Client(raise_request_exception=False).post(
        f"/webhooks/{to}/", body, content_type="application/json", headers={"X-Shop-Password": secret, **headers}
    )


@contextmanager
def broken_table(table: str) -> Iterator[None]:
    """A full disk, as far as this table is concerned."""

    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith((f'INSERT INTO "{table}"', f'UPDATE "{table}"')):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


def sweep_later(minutes: float = 2) -> None:
    WebhookRequest.objects.exclude(retry_at=None).update(retry_at=timezone.now() - dt.timedelta(minutes=minutes))
    tasks.sweep()


# --- what is answered ---


def test_a_genuine_webhook_is_stored_accepted_and_due() -> None:
    open_shop()
    answer = post()
    assert (answer.status_code, answer.content) == (202, b"")
    request = WebhookRequest.objects.get()
    assert (request.state, bytes(request.body), request.retry_at) == ("accepted", ORDER, None)
    assert request.events.get().source_id == SyncRecord.objects.get().source_id == "1"


def test_what_says_nothing_of_ours_is_welcome_and_ignored() -> None:
    open_shop()
    assert post(b"[]").status_code == 202
    assert WebhookRequest.objects.get().state == "ignored"


def test_every_refusal_looks_the_same_and_is_kept_to_look_at() -> None:
    open_shop()
    answers = {
        (a.status_code, a.content) for a in (post(secret="wrong"), post(b"\xff", secret=""), post(secret=SECRET[1:]))
    }
    assert answers == {(401, b"")}
    assert set(WebhookRequest.objects.values_list("state", "problem")) == {("rejected", "the password is wrong")}
    assert not Event.objects.exists()


@pytest.mark.parametrize("to", ["nobody", "books-without-door"])
def test_where_there_is_no_door_nothing_is_written(to: str) -> None:
    open_shop()
    Connection.objects.create(name="books-without-door", kind="doorless")
    with forbidden_to_write():
        assert post(to=to).status_code == 404
        assert Client().get(f"/webhooks/{to}/?challenge=1").status_code == 404


def test_a_challenge_is_echoed_as_plain_text() -> None:
    open_shop()
    answer = Client().get("/webhooks/shop/", {"challenge": "<b>5"})
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"<b>5", "text/plain")


def test_an_endless_challenge_is_not_echoed() -> None:
    open_shop()
    answer = Client().get("/webhooks/shop/", {"challenge": "x" * 5000})
    assert (answer.status_code, answer.content) == (400, b"")


# --- how much is read ---


@pytest.mark.parametrize("told_length", ["honest", "chunked"])
def test_what_is_too_large_is_refused_and_not_read_to_the_end(told_length: str) -> None:
    open_shop()
    body = io.BytesIO(b"x" * (settings.WEBHOOK_SIZE_LIMIT * 3))
    length = {"CONTENT_LENGTH": str(len(body.getvalue()))} if told_length == "honest" else {}
    assert wsgi(body, **length) == "413"
    assert body.tell() <= settings.WEBHOOK_SIZE_LIMIT + 1
    assert not WebhookRequest.objects.exists()


def test_no_more_is_read_than_was_announced() -> None:
    open_shop()
    body = io.BytesIO(ORDER + b"x" * settings.WEBHOOK_SIZE_LIMIT * 2)
    assert wsgi(body, CONTENT_LENGTH=str(len(ORDER)), HTTP_X_SHOP_PASSWORD=SECRET) == "202"
    assert bytes(WebhookRequest.objects.get().body) == ORDER


def test_a_body_of_unannounced_length_is_read() -> None:
    open_shop()
    assert wsgi(io.BytesIO(ORDER), HTTP_X_SHOP_PASSWORD=SECRET) == "202"
    assert SyncRecord.objects.get().source_id == "1"


@pytest.mark.parametrize("length", ["many", "-5", ""])
def test_a_length_that_is_no_number_breaks_nothing(length: str) -> None:
    open_shop()
    assert wsgi(io.BytesIO(ORDER), CONTENT_LENGTH=length, HTTP_X_SHOP_PASSWORD=SECRET, terminated=False) in (
        "401",
        "202",
    )


# --- what goes wrong ---


@pytest.mark.parametrize("table", ["hub_webhookrequest", "hub_event", "hub_syncrecord", "django_q_ormq"])
def test_a_full_disk_or_a_locked_database_lets_the_vendor_send_it_again(table: str) -> None:
    open_shop()
    with broken_table(table):
        answer = post()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not Event.objects.exists()
    assert post().status_code == 202
    sweep_later()
    assert SyncRecord.objects.get().source_id == "1"
    assert set(WebhookRequest.objects.values_list("state", flat=True)) == {"accepted"}


def test_a_database_that_cannot_even_be_asked_lets_the_vendor_send_it_again() -> None:
    open_shop()

    def refuse(*_: Any) -> Any:
        raise OperationalError("database is locked")

    with connection.execute_wrapper(refuse):
        assert post().status_code == 503


def test_what_a_connector_fails_at_is_kept_and_taken_up_again() -> None:
    _, script = open_shop()
    read = script.read
    script.read = lambda webhook: [Notice("order", webhook.headers["no such header"])]
    assert post().status_code == 202
    request = WebhookRequest.objects.get()
    assert (request.state, request.problem) == ("stored", "KeyError: 'no such header'")
    sweep_later()
    assert WebhookRequest.objects.get().state == "stored"
    script.read = read
    sweep_later()
    request = WebhookRequest.objects.get()
    assert (request.state, request.problem) == ("accepted", "")
    assert SyncRecord.objects.get().source_id == "1"


def test_a_record_s_name_that_no_column_can_hold_does_not_make_the_vendor_send_for_ever() -> None:
    open_shop()
    assert post(told({"resource": "x" * 300 + "\x00", "id": "1"})).status_code == 202


def test_a_query_that_no_column_can_hold_is_no_server_error() -> None:
    open_shop()
    answer = Client().post("/webhooks/shop/?a=%00", ORDER, content_type="application/json")
    assert answer.status_code in (400, 401)


def stored(body: bytes = ORDER, secret: str = SECRET, *, ago: float = 2) -> WebhookRequest:
    """As a web process leaves it that is killed after storing."""
    return WebhookRequest.objects.create(
        connection=Connection.objects.get(name="shop"),
        headers={"x-shop-password": secret, "x-topic": "orders"},
        body=body,
        retry_at=timezone.now() - dt.timedelta(minutes=ago),
    )


def test_what_a_killed_process_had_only_stored_is_taken_up() -> None:
    open_shop()
    request = stored()
    tasks.sweep()
    request.refresh_from_db()
    assert (request.state, request.retry_at) == ("accepted", None)
    assert SyncRecord.objects.get().source_id == "1"


def test_what_another_process_may_still_be_at_is_left_to_it() -> None:
    open_shop()
    stored(ago=-1)
    tasks.sweep()
    assert WebhookRequest.objects.get().state == "stored"


def test_what_is_taken_up_is_verified_first() -> None:
    open_shop()
    stored(secret="wrong")
    tasks.sweep()
    assert WebhookRequest.objects.get().state == "rejected"
    assert not Event.objects.exists()


def test_a_request_that_is_worked_on_twice_is_one_event_for_each_notice() -> None:
    open_shop()
    request = stored(told({"resource": "order", "id": "1"}, {"resource": "order", "id": "1"}))
    tasks.sweep()
    WebhookRequest.objects.filter(pk=request.pk).update(
        state="stored", retry_at=request.received_at, headers={"x-shop-password": SECRET}
    )
    tasks.sweep()
    assert Event.objects.count() == 2
    assert SyncRecord.objects.get().wanted == 2


def test_one_that_cannot_be_taken_up_keeps_no_other_from_it() -> None:
    open_shop()
    stored(b"no json at all")
    stored()
    tasks.sweep()
    assert sorted(WebhookRequest.objects.values_list("state", flat=True)) == ["accepted", "stored"]


# --- what is kept ---


def test_nothing_that_could_be_used_to_log_in_or_to_sign_is_kept() -> None:
    open_shop()
    post(
        Authorization="Bearer abcdef",
        **{"X-Any-Name": f"v1 {SECRET}", "Webhook-Signature": "v1,abc", "X-Topic": "orders"},
    )
    request = WebhookRequest.objects.get()
    kept = json.dumps(request.headers)
    assert SECRET not in kept and "abcdef" not in kept and "v1,abc" not in kept
    assert request.headers["x-shop-password"] == request.headers["x-any-name"] == MASK
    assert request.headers["x-topic"] == "orders"


def test_what_was_refused_is_kept_without_its_secrets_too() -> None:
    open_shop()
    post(secret="another shop's password")
    assert WebhookRequest.objects.get().headers["x-shop-password"] == MASK


def test_a_secret_in_the_address_is_masked_too() -> None:
    open_shop()
    Client().post(
        "/webhooks/shop/?token=abc&topic=orders",
        ORDER,
        content_type="application/json",
        headers={"X-Shop-Password": SECRET},
    )
    assert WebhookRequest.objects.get().query == {"token": MASK, "topic": "orders"}


def wsgi(body: io.BytesIO, *, terminated: bool = True, **environ: str) -> str:
    """As a web server calls us: `terminated` says that the end of the body is the end of its stream."""
    given = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/webhooks/shop/",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.input_terminated": terminated,
        **environ,
    }
    statuses: list[str] = []
    application(given, lambda status, headers: statuses.append(status))
    return statuses[0][:3]


@contextmanager
def forbidden_to_write() -> Iterator[None]:
    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        assert sql.startswith("SELECT"), sql
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield
