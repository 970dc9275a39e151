"""What every test stands on: hosts that may be called, and the rule that no call is made inside a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from connectors import budget, http
from hub.engine import epoch
from hub.intake import doors
from hub.intake.ringing import ringer
from hub.intake.storing import scribe
from tests.emptying import empty_what_is_full

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""The vendors' real answers; tests that need them are skipped in a clone that does not have them beside it."""


def pytest_configure(config: pytest.Config) -> None:
    empty_what_is_full()


@pytest.fixture(autouse=True)
def no_call_inside_a_transaction(request: pytest.FixtureRequest) -> Iterator[None]:
    """pytest-django's own wrapping transactions are the floor; anything above it is ours, and wrong."""
    uses_database = {"db", "transactional_db", "live_server"} & set(
        request.fixturenames
    ) or request.node.get_closest_marker("django_db")
    if uses_database:
        request.getfixturevalue("_django_db_helper")
    floor = len(connection.atomic_blocks) if uses_database else 0

    def refuse(method: str, url: str) -> None:
        assert len(connection.atomic_blocks) <= floor, f"{method} {url} was sent while a transaction was open"

    http.before_send.append(refuse)
    yield
    http.before_send.remove(refuse)


@pytest.fixture(autouse=True)
def no_memory_of_other_connections() -> None:
    """Rows of different tests may have the same number, which in a real database they never have."""
    budget._processes.clear()
    epoch._gives_way = False
    doors.forget()


@pytest.fixture(autouse=True)
def nobody_left_at_the_door(no_call_inside_a_transaction: None) -> Iterator[None]:
    """The web process's own threads let go of the database before it is emptied."""
    yield
    scribe.dismiss()
    ringer.dismiss()


@pytest.fixture
def shared() -> Path:
    if not SHARED.exists():
        pytest.skip("the vendors' examples are not beside this clone")
    return SHARED
