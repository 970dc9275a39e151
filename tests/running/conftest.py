"""An installation of its own for each test: a fresh database on disk, and real processes that work on it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography.fernet import Fernet

from hub.supervisor.child import Child
from hub.supervisor.household import MANAGE

OPERATOR = {"DJANGO_SETTINGS_MODULE": "hub.settings"}
"""Real processes run as an operator runs them, not with the tests' settings."""


@dataclass
class Installation:
    env: dict[str, str]
    children: list[Child] = field(default_factory=list)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*MANAGE, *arguments], env={**os.environ, **self.env}, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str) -> Child:
        child = Child([*MANAGE, *arguments], env=self.env)
        self.children.append(child)
        return child

    def ask(self, sql: str) -> int:
        url = self.env["DATABASE_URL"]
        if url.startswith("sqlite"):
            with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20) as database:
                return int(database.execute(sql).fetchone()[0])
        with psycopg.connect(url) as server:
            row = server.execute(sql).fetchone()
            assert row
            return int(row[0])

    def ring(self) -> None:
        self.manage("shell", "-v", "0", "-c", "from hub.queue import ring; ring()")

    def bells(self) -> int:
        return self.ask("SELECT count(*) FROM django_q_ormq")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    url, drop = _database(tmp_path)
    own = Installation(
        {
            **OPERATOR,
            "DATABASE_URL": url,
            "COUNTINGHOUSE_VAR": str(tmp_path),
            "COUNTINGHOUSE_FIELD_KEYS": Fernet.generate_key().decode(),
            "COUNTINGHOUSE_WORKERS": "2",
        }
    )
    try:
        own.manage("migrate", "-v", "0")
        yield own
    finally:
        for child in own.children:
            child.kill()
        drop()


def _database(folder: Path) -> tuple[str, Callable[[], None]]:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return f"sqlite:///{folder / 'hub.sqlite3'}", lambda: None
    name = f"running_{uuid.uuid4().hex[:12]}"

    def run(statement: str) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement)

    run(f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(path=f"/{name}").geturl(), lambda: run(f"DROP DATABASE {name} WITH (FORCE)")


def until(happens: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait for it; returns how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if happens():
            return time.monotonic() - began
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s")
