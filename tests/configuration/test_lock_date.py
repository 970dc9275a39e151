"""The lock date in a file: forward and back, but never past a month that a person closed."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from connectors.models import Connection
from hub.books.closing import close
from hub.books.months import Month
from hub.configuration import apply
from hub.configuration.reading import ConfigurationError
from hub.models import LockDateMove

pytestmark = pytest.mark.django_db
BOOKS = "version: 1\nconnections: [{{name: books, lock_date: {}}}]\n"


@pytest.fixture(autouse=True)
def books(file: str, environment: dict[str, str]) -> None:
    apply(file, environment)


def lock_date() -> dt.date | None:
    return Connection.objects.get(name="books").lock_date


def test_it_moves_as_the_file_says_and_its_moves_are_kept() -> None:
    for wanted in ("2026-03-31", "2026-01-31, lock_reason: the bank was late", "null, lock_reason: a new start"):
        apply(BOOKS.format(wanted), {})
    assert lock_date() is None
    assert list(LockDateMove.objects.order_by("pk").values_list("to", "reason")) == [
        (dt.date(2025, 12, 31), "Applied from a file"),
        (dt.date(2026, 3, 31), "Applied from a file"),
        (dt.date(2026, 1, 31), "the bank was late"),
        (None, "a new start"),
    ]


@pytest.mark.parametrize("reason", ["", ", lock_reason: ' '"])
@pytest.mark.parametrize("wanted", ["2025-11-30", "null"])
def test_without_a_reason_no_closed_day_is_opened_again(wanted: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        apply(BOOKS.format(wanted + reason), {})
    told = str(caught.value)
    assert "lock_date" in told and wanted.replace("null", "none") in told and "closed up to 2025-12-31" in told
    assert "lock_reason" in told and "take lock_date out" in told
    assert (lock_date(), LockDateMove.objects.count()) == (dt.date(2025, 12, 31), 1)


def test_the_same_file_again_needs_no_reason(file: str, environment: dict[str, str]) -> None:
    assert apply(file, environment) == []


def test_a_file_that_is_older_than_a_closed_month_is_refused_and_says_what_to_do() -> None:
    with time_machine.travel(dt.datetime(2026, 4, 3, tzinfo=dt.UTC)):
        close(Connection.objects.get(name="books"), Month.of(dt.date(2026, 3, 1)), "ada")
    with pytest.raises(ConfigurationError) as caught:
        apply(BOOKS.format("2025-12-31"), {})
    told = str(caught.value)
    assert "lock_date" in told and "March 2026 was closed by ada" in told and "take lock_date out of the file" in told
    assert lock_date() == dt.date(2026, 3, 31)


def test_a_trial_run_moves_nothing() -> None:
    apply(BOOKS.format("2026-03-31"), {}, dry_run=True)
    assert lock_date() == dt.date(2025, 12, 31)
    assert LockDateMove.objects.count() == 1
