"""The webhook door: what a vendor was told is kept is kept, and nobody is told why he was refused."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from connectors import clock
from connectors.models import Connection
from hub.intake import doors, storing
from hub.intake.attendant import Attendant
from hub.intake.inbox import take_up_stored
from hub.intake.masking import MASK
from hub.intake.ringing import ringer
from hub.intake.storing import scribe
from hub.models import Event, SyncRecord, WebhookRequest
from hub.queue import bells
from hub.wsgi import application
from tests.hub.corner_shop import SECRET, open_shop, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("corner_shop")]
ORDER = told({"resource": "order", "id": "1"})


def post(body: bytes = ORDER, *, secret: str = SECRET, to: str = "shop", **headers: str) -> Any:
    return Client(raise_request_exception=False).post(
        f"/webhooks/{to}/", body, content_type="application/json", headers={"X-Shop-Password": secret, **headers}
    )


# --- what is answered ---


def test_a_genuine_webhook_is_stored_and_a_worker_is_called() -> None:
    open_shop()
    answer = post()
    assert (answer.status_code, answer.content, answer["Content-Length"]) == (202, b"", "0")
    request = WebhookRequest.objects.get()
    assert (request.state, request.verified, bytes(request.body)) == ("stored", True, ORDER)
    assert request.retry_at and request.retry_at <= timezone.now()
    ringer.dismiss()
    assert bells() == 1
    assert not Event.objects.exists()


def test_the_worker_reads_it_and_its_record_is_due() -> None:
    open_shop()
    post()
    take_up_stored()
    request = WebhookRequest.objects.get()
    assert (request.state, request.retry_at) == ("accepted", None)
    assert request.events.get().source_id == SyncRecord.objects.get().source_id == "1"


def test_what_says_nothing_of_ours_is_welcome_and_ignored() -> None:
    open_shop()
    assert post(b"[]").status_code == 202
    take_up_stored()
    assert WebhookRequest.objects.get().state == "ignored"


def test_every_refusal_looks_the_same_and_is_kept_to_look_at() -> None:
    open_shop()
    answers = {
        (a.status_code, a.content) for a in (post(secret="wrong"), post(b"\xff", secret=""), post(secret=SECRET[1:]))
    }
    assert answers == {(401, b"")}
    assert set(WebhookRequest.objects.values_list("state", "problem")) == {("rejected", "the password is wrong")}
    ringer.dismiss()
    assert bells() == 0
    assert take_up_stored() == 0
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
    assert bytes(WebhookRequest.objects.get().body) == ORDER


@pytest.mark.parametrize("length", ["many", "-5", ""])
def test_a_length_that_is_no_number_breaks_nothing(length: str) -> None:
    open_shop()
    assert wsgi(io.BytesIO(ORDER), CONTENT_LENGTH=length, HTTP_X_SHOP_PASSWORD=SECRET, terminated=False) in (
        "401",
        "202",
    )


# --- what goes wrong ---


def test_a_full_disk_lets_the_vendor_send_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    open_shop()
    with monkeypatch.context() as full:
        full.setattr(storing, "_insert", refusing(OperationalError("database or disk is full")))
        answer = post()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert post().status_code == 202
    assert WebhookRequest.objects.count() == 1


def test_a_locked_database_lets_the_vendor_send_it_again_before_he_loses_his_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_shop()
    monkeypatch.setattr(scribe, "_patience", 0.3)
    with locked_requests():
        began = time.monotonic()
        assert post().status_code == 503
        assert time.monotonic() - began < 10


def test_the_door_s_own_patience_with_sqlite_is_shorter_than_a_page_s() -> None:
    """Else its one writer would sit there long after everybody who handed it something was sent away."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite waits for one lock")
    told: list[int] = []

    def look() -> None:
        storing._connect()
        told.append(connection.cursor().execute("PRAGMA busy_timeout").fetchone()[0])

    attendant = Attendant("looker", look)
    attendant.call()
    attendant.dismiss()
    assert told == [storing.PATIENCE * 1000]


def test_a_database_that_cannot_even_be_asked_lets_the_vendor_send_it_again() -> None:
    open_shop()

    def refuse(*_: Any) -> Any:
        raise OperationalError("database is locked")

    with connection.execute_wrapper(refuse):
        assert post().status_code == 503


def test_a_database_that_was_restarted_is_connected_to_again() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    open_shop()
    assert post().status_code == 202
    with connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    assert post().status_code == 202
    assert WebhookRequest.objects.count() == 2


def test_a_webhook_whose_signature_we_fail_to_check_is_kept_as_it_came() -> None:
    _, script = open_shop()
    script.verify = refusing(KeyError("no such key"))
    assert post().status_code == 202
    request = WebhookRequest.objects.get()
    assert (request.state, request.verified, request.problem) == ("stored", False, "KeyError: 'no such key'")
    assert request.headers["x-shop-password"] == SECRET
    assert request.retry_at and request.retry_at > timezone.now()


def test_a_connection_that_was_deleted_a_moment_ago_has_no_door() -> None:
    shop, _ = open_shop()
    assert post().status_code == 202
    shop.flows_out.all().delete()
    shop.delete()
    assert post().status_code == 404


def test_one_that_no_column_can_hold_takes_none_of_those_along_that_came_with_it() -> None:
    shop, _ = open_shop()
    requests = [WebhookRequest(connection=shop, body=ORDER, retry_at=clock.now()) for _ in range(5)]
    requests[2].connection_id = shop.pk + 100
    scribe = storing.Scribe(storing.write)
    entries = [storing.Entry(request) for request in requests]
    scribe._store(entries)
    assert [bool(entry.error) for entry in entries] == [False, False, True, False, False]
    assert WebhookRequest.objects.count() == 4


def test_a_query_that_no_column_can_hold_is_no_server_error() -> None:
    open_shop()
    answer = Client().post(
        "/webhooks/shop/?a=%00", ORDER, content_type="application/json", headers={"X-Shop-Password": SECRET}
    )
    assert answer.status_code == (202 if connection.vendor == "sqlite" else 400)


# --- what is remembered ---


def test_a_burst_asks_for_its_connection_once() -> None:
    open_shop()
    post()
    with asking() as asked:
        for _ in range(5):
            assert post().status_code == 202
    assert [sql for sql in asked if "connectors_connection" in sql] == []


def test_a_new_secret_holds_at_once_and_the_old_one_no_longer_than_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, _ = open_shop()
    assert post().status_code == 202
    Connection.objects.filter(pk=shop.pk).update(secrets={"webhook_secret": "a newer password"})
    assert post(secret="a newer password").status_code == 202
    monkeypatch.setattr(doors, "REMEMBERED", 0.0)
    doors.forget()
    assert post().status_code == 401


def test_a_renamed_connection_is_found_under_its_new_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "REMEMBERED", 0.05)
    shop, _ = open_shop()
    assert post().status_code == 202
    Connection.objects.filter(pk=shop.pk).update(name="corner")
    time.sleep(0.06)
    assert (post().status_code, post(to="corner").status_code) == (404, 202)


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


def refusing(error: Exception) -> Callable[..., Any]:
    def refuse(*_: Any) -> Any:
        raise error

    return refuse


@contextmanager
def locked_requests() -> Iterator[None]:
    """As by somebody who writes for a long time."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE hub_webhookrequest IN EXCLUSIVE MODE")
        yield


@contextmanager
def asking() -> Iterator[list[str]]:
    asked: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        yield asked


@contextmanager
def forbidden_to_write() -> Iterator[None]:
    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        assert sql.startswith("SELECT"), sql
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield
