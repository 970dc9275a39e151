"""A table of what came of the months."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.month.counts import noted, table


def tally_file() -> Path:
    """Shared by all that play beside each other."""
    return Path(settings.VAR) / "month.tally"


@pytest.fixture
def tally() -> Path:
    return tally_file()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    months = noted(tally_file())
    if months:
        terminalreporter.section("months of books")
        terminalreporter.write_line(table(months))
