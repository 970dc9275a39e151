"""Connecting a system: its own form, secrets that stay secret, the test button, and the login there and back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from connectors.base import Connector
from connectors.errors import NeedsLogin, RetryLater
from connectors.models import Connection
from hub.admin.connection_form import PREFIX
from tests.admin import town
from tests.admin.conftest import LogIn

ADD = "/admin/connectors/connection/add/"


def page(connection: Connection) -> str:
    return reverse("admin:connectors_connection_change", args=[connection.pk])


def form(connection: Connection | None = None, **typed: str) -> dict[str, str]:
    kind = connection.kind if connection else town.kind_of("store")
    fields = town.registry.connector(kind).settings_form.base_fields
    stored = connection.settings if connection else {}
    data = {PREFIX + name: str(stored.get(name, "")) for name in fields}
    return (
        data
        | {PREFIX + name: value for name, value in typed.items() if name in fields}
        | {name: value for name, value in typed.items() if name not in fields}
    )


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_kind_is_chosen_first_and_its_own_form_follows(log_in: LogIn) -> None:
    client, kind = log_in(), town.kind_of("store")
    assert f"?kind={kind}" in client.get(ADD).content.decode()
    shown = client.get(f"{ADD}?kind={kind}").content.decode()
    for name in town.connector_of("store").settings_form.base_fields:
        assert f'name="{PREFIX}{name}"' in shown
    assert "How to set up" in shown


def test_a_new_connection_keeps_secrets_apart_from_settings(log_in: LogIn) -> None:
    data = form(name="east", base_url="https://shop.example.com", access_token="shh-1")
    response = log_in().post(f"{ADD}?kind={town.kind_of('store')}", data, follow=True)
    connection = Connection.objects.get(name="east")
    assert connection.settings["base_url"] == "https://shop.example.com"
    assert "access_token" not in connection.settings and connection.secrets["access_token"] == "shh-1"
    assert "shh-1" not in response.content.decode() and "Test connection" in response.content.decode()
    assert "/webhooks/east/" in response.content.decode()


def test_an_empty_secret_keeps_what_is_stored_and_a_typed_one_replaces_it(log_in: LogIn) -> None:
    connection, client = town.store(), log_in()
    client.post(page(connection), form(connection, base_url="https://new.example.com"))
    connection.refresh_from_db()
    assert connection.settings["base_url"] == "https://new.example.com"
    assert connection.secrets["access_token"] == "very-secret-token"
    client.post(page(connection), form(connection, access_token="newer"))
    connection.refresh_from_db()
    assert (connection.secrets["access_token"], connection.secrets["webhook_secret"]) == ("newer", "hush-9041")


def test_saving_the_form_never_puts_an_old_token_over_one_that_was_renewed_meanwhile(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, client = town.books(), log_in()
    clean = type(connection).full_clean

    def renewed_meanwhile(self: Connection, *args: Any, **kwargs: Any) -> None:
        Connection.objects.filter(pk=connection.pk).update(secrets={**connection.secrets, "refresh_token": "r2"})
        clean(self, *args, **kwargs)

    monkeypatch.setattr(Connection, "full_clean", renewed_meanwhile)
    response = client.post(page(connection), form(connection, account_id="XyZ"))
    assert response.status_code == 302
    connection.refresh_from_db()
    assert (connection.settings["account_id"], connection.secrets["refresh_token"]) == ("XyZ", "r2")


def test_what_the_connector_refuses_is_said_beside_its_field(log_in: LogIn) -> None:
    data = form(name="east", base_url="not an address")
    response = log_in().post(f"{ADD}?kind={town.kind_of('store')}", data)
    assert response.status_code == 200 and f"{PREFIX}base_url" in response.context["adminform"].form.errors
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ("It holds 12 orders", Connection.State.OK, "It works. It holds 12 orders"),
        (NeedsLogin("the token is no longer accepted"), Connection.State.NEEDS_LOGIN, "needs a login"),
        (RetryLater("the shop does not answer"), Connection.State.NEW, "does not answer as it should"),
    ],
)
def test_the_connection_is_tested_and_the_answer_said(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch, answer: object, state: str, words: str
) -> None:
    connection = town.store()
    Connection.objects.update(state=Connection.State.NEW, last_ok_at=None)

    def check(self: Connector) -> str:
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    monkeypatch.setattr(town.connector_of("store"), "check", check)
    client = log_in("Administrator")
    response = client.post(reverse("admin:connectors_connection_test", args=[connection.pk]), follow=True)
    connection.refresh_from_db()
    assert connection.state == state and words in said(response)


def test_only_who_may_change_a_connection_may_test_or_log_in(log_in: LogIn) -> None:
    connection = town.books()
    for group in ("Viewer", "Bookkeeper", "Approver"):
        client = log_in(group)
        assert client.post(reverse("admin:connectors_connection_test", args=[connection.pk])).status_code == 403
        assert client.get(reverse("connect", args=["books", "start"])).status_code == 403
        assert "Test connection</button>" not in client.get(page(connection)).content.decode()


class Login:
    """The books' login, without the books."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.codes: list[tuple[str, str]] = []
        books = town.connector_of("books")
        monkeypatch.setattr(books, "exchange", lambda one, code, uri: self.codes.append((code, uri)))

    @staticmethod
    def state_of(client: Client) -> str:
        away = client.get(reverse("connect", args=["books", "start"]))
        assert away.status_code == 302
        return parse_qs(urlsplit(away["Location"]).query)["state"][0]


def test_a_login_goes_there_and_back(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    connection, login, client = town.books(), Login(monkeypatch), log_in()
    connection.ask_for_login("expired")
    state = login.state_of(client)
    back = reverse("connect", args=["books", "callback"])
    response = client.get(back, {"state": state, "code": "c0de"}, follow=True)
    connection.refresh_from_db()
    assert login.codes == [("c0de", "http://127.0.0.1:8000/connect/books/callback/")]
    assert connection.state == Connection.State.OK and "You are logged in" in said(response)
    again = client.get(back, {"state": state, "code": "c0de"}, follow=True)
    assert len(login.codes) == 1 and "did not start here" in said(again)


def test_a_login_that_did_not_start_here_is_refused(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    town.books()
    login, client = Login(monkeypatch), log_in()
    login.state_of(client)
    response = client.get(reverse("connect", args=["books", "callback"]), {"state": "f0rged", "code": "c"}, follow=True)
    assert login.codes == [] and "did not start here" in said(response)


def test_a_login_that_was_not_granted_changes_nothing(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    town.books()
    login, client = Login(monkeypatch), log_in()
    state = login.state_of(client)
    answer = {"state": state, "error": "access_denied"}
    response = client.get(reverse("connect", args=["books", "callback"]), answer, follow=True)
    assert login.codes == [] and "not granted" in said(response)


def test_only_what_a_connector_offers_can_be_called(log_in: LogIn) -> None:
    town.store("north-store")
    town.books()
    client = log_in()
    assert client.get(reverse("connect", args=["north-store", "start"])).status_code == 404
    assert client.get(reverse("connect", args=["books", "uninstall"])).status_code == 404


def test_the_lock_date_belongs_to_the_books_and_is_kept(log_in: LogIn) -> None:
    connection, client = town.books(), log_in()
    client.post(
        page(connection), form(connection, lock_date="2026-02-28", poll_from_0="2026-01-01", poll_from_1="00:00")
    )
    connection.refresh_from_db()
    assert connection.lock_date == dt.date(2026, 2, 28) and connection.poll_from
    assert 'name="lock_date"' not in client.get(page(town.store())).content.decode()
