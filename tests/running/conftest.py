"""An installation of its own for each test; migrated once, then copied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.installation import OPERATOR, Installation, Shelf, keys


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    server = os.environ.get("DATABASE_URL", "")
    made = Shelf(tmp_path_factory.mktemp("shelf"), server if server.startswith("postgres") else "")
    yield made
    made.clear()


@pytest.fixture
def installation(shelf: Shelf, tmp_path: Path) -> Iterator[Installation]:
    own = {"DATABASE_URL": shelf.copy(), "COUNTINGHOUSE_VAR": str(tmp_path), "COUNTINGHOUSE_WORKERS": "2"}
    made = Installation({**OPERATOR, **keys(), **own})
    yield made
    for child in made.children:
        child.kill()
