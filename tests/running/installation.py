"""A fresh database on disk and the real processes that work on it, as an operator has them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from cryptography.fernet import Fernet
from django.conf import settings
from django_q.brokers import Broker
from django_q.tasks import async_task

from hub.queue import CHANNEL, WORK
from hub.supervisor.child import Child
from hub.supervisor.household import MANAGE

OPERATOR = {"DJANGO_SETTINGS_MODULE": "hub.settings"}
"""Real processes run as an operator runs them, not with the tests' settings."""
FIELD_KEY = Fernet.generate_key().decode()


@dataclass
class Installation:
    env: dict[str, str]
    children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.env["DATABASE_URL"]

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*MANAGE, *arguments], env={**os.environ, **self.env}, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str, **more: str) -> Child:
        child = Child([*MANAGE, *arguments], env={**self.env, **more})
        self.children.append(child)
        return child

    def ask(self, sql: str) -> int:
        return int(execute(self.url, sql)[0][0])

    def ring(self) -> None:
        self.give(WORK)

    def give(self, task: str, *arguments: Any) -> None:
        """Queue a task, as `async_task` does, without the second that a process of its own would take to start."""
        slot = Slot()
        async_task(task, *arguments, broker=slot)
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(" ")
        execute(self.url, f"INSERT INTO django_q_ormq (key, payload, lock) VALUES ('hub', '{slot.task}', '{now}')")

    def bells(self) -> int:
        return self.ask("SELECT count(*) FROM django_q_ormq")


class Slot(Broker):  # type: ignore[misc] # django-q2 has no types
    """Keeps what is put into it."""

    task = ""

    def enqueue(self, task: str) -> int:
        self.task = task
        return 1


def execute(url: str, sql: str) -> list[Any]:
    """On a connection of its own; tells PostgreSQL's listeners, whatever it was."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as database, database:
            return database.execute(sql).fetchall()
    with psycopg.connect(url, autocommit=True) as server:
        done = server.execute(sql)
        rows = done.fetchall() if done.description else []
        server.execute(f"NOTIFY {CHANNEL}")
        return rows


class Shelf:
    """Makes databases by copying one that was migrated once."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server
        self._names: list[str] = []
        self.first = self._empty()
        environment = {**OPERATOR, "DATABASE_URL": self.first, "COUNTINGHOUSE_VAR": str(folder)}
        Installation({**keys(), **environment}).manage("migrate", "-v", "0")

    def copy(self) -> str:
        """The address of a new one."""
        if not self.server:
            path = self._path()
            shutil.copy(self.first.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        return self._empty(f"TEMPLATE {urlsplit(self.first).path[1:]}")

    def clear(self) -> None:
        for name in self._names:
            execute(self.server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _empty(self, like: str = "") -> str:
        if not self.server:
            return f"sqlite:///{self._path()}"
        name = f"running_{uuid.uuid4().hex[:12]}"
        execute(self.server, f"CREATE DATABASE {name} {like}")
        self._names.append(name)
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def _path(self) -> Path:
        return self.folder / f"{uuid.uuid4().hex}.sqlite3"


def keys() -> dict[str, str]:
    """The tests' own, so that what they sign is believed."""
    return {"SECRET_KEY": settings.SECRET_KEY, "COUNTINGHOUSE_FIELD_KEYS": FIELD_KEY}


def until(happens: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait for it; returns how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if happens():
            return time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds} s")
