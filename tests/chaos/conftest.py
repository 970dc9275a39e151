"""The same world as the hub's tests have; processes to be killed; and a table of what came of each month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.chaos.fleet import Zygote, zygote
from tests.chaos.tally import noted, table
from tests.hub.conftest import make_world, pytest_generate_tests, world

__all__ = ["make_world", "pytest_generate_tests", "world"]


def tally_file() -> Path:
    """Shared by the passes of a suite, whatever their databases are."""
    return Path(settings.VAR) / "chaos.tally"


@pytest.fixture
def tally() -> Path:
    return tally_file()


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Zygote]:
    with zygote() as made:
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = noted(tally_file())
    if rows:
        terminalreporter.section("months of trade")
        terminalreporter.write_line(table(rows))
