"""The lock date on the page of the books: forward freely, back only with the right and a reason."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from connectors.models import Connection
from hub.books.closing import close
from hub.books.months import Month
from hub.models import LockDateMove
from tests.admin import town
from tests.admin.conftest import LogIn
from tests.admin.test_connections import form, page
from tests.books.ledger_of_march import NOW

FEBRUARY, MARCH = (Month.of(dt.date(2026, month, 1)) for month in (2, 3))


@pytest.fixture
def books(db: None) -> Connection:
    books = town.books()
    Connection.objects.update(lock_date=FEBRUARY.last)
    books.refresh_from_db()
    return books


def save(log_in: LogIn, books: Connection, group: str = "", **typed: str) -> str:
    response = log_in(group).post(page(books), form(books, poll_from_0="", poll_from_1="", **typed), follow=True)
    return response.content.decode()


def lock_date() -> dt.date | None:
    return Connection.objects.get(name="books").lock_date


def test_forward_it_goes_without_a_word(log_in: LogIn, books: Connection) -> None:
    save(log_in, books, lock_date="2026-03-31")
    assert lock_date() == MARCH.last
    move = LockDateMove.objects.get()
    assert (move.origin, move.to, move.moved_by) == (FEBRUARY.last, MARCH.last, "somebody-super")


@pytest.mark.parametrize("wanted", ["2026-01-31", ""])
def test_back_it_goes_only_with_a_reason(log_in: LogIn, books: Connection, wanted: str) -> None:
    assert "Say why days are to be open again" in save(log_in, books, lock_date=wanted)
    assert lock_date() == FEBRUARY.last


def test_the_reason_is_kept(log_in: LogIn, books: Connection) -> None:
    save(log_in, books, lock_date="2026-01-31", lock_reason="the bank statement came late")
    assert lock_date() == dt.date(2026, 1, 31)
    assert LockDateMove.objects.get().reason == "the bank statement came late"


def test_back_it_goes_only_by_somebody_who_may_reopen(log_in: LogIn, books: Connection) -> None:
    log_in("Mapping editor").logout()
    from django.contrib.auth.models import Group, Permission

    editors = Group.objects.get(name="Mapping editor")
    editors.permissions.add(Permission.objects.get(codename="change_connection"))
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(username="somebody-mapping editor"))
    typed = form(books, poll_from_0="", poll_from_1="", lock_date="2026-01-31", lock_reason="please")
    assert "You may not open days again" in client.post(page(books), typed).content.decode()
    assert lock_date() == FEBRUARY.last


def test_a_month_that_was_closed_is_reopened_on_its_own_page(log_in: LogIn, books: Connection) -> None:
    with time_machine.travel(NOW):
        close(books, MARCH, "ada")
    shown = save(log_in, books, lock_date="2026-02-28", lock_reason="why not")
    assert "March 2026 was closed by ada" in shown
    assert lock_date() == MARCH.last


def test_an_old_page_does_not_take_back_what_was_closed_meanwhile(log_in: LogIn, books: Connection) -> None:
    """It was opened before, and is saved for the sake of another field."""
    typed = form(books, poll_from_0="", poll_from_1="", lock_date="2026-02-28")
    with time_machine.travel(NOW):
        close(books, MARCH, "ada")
    log_in().post(page(books), typed)
    assert lock_date() == MARCH.last


def test_an_open_day_needs_no_reason_field(log_in: LogIn, books: Connection) -> None:
    Connection.objects.update(lock_date=None)
    assert "lock_reason" not in log_in().get(page(books)).content.decode()
