"""The same world as the hub's tests have; processes to be killed; and a table of what came of each run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.fleet import Zygote, zygote
from tests.hub.conftest import make_world, world

__all__ = ["make_world", "world"]


@pytest.fixture(scope="session")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the rows go: into a file of our own, or into one for several databases."""
    return Path(os.environ.get("CHAOS_TALLY") or tmp_path_factory.mktemp("tally") / "rows")


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Zygote]:
    with zygote() as made:
        yield made
