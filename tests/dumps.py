"""Dumps of the test's own database, as a backup would be: taken at one moment, put back later, or copied elsewhere."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connection, connections


@dataclass
class Dump:
    """SQLite: a file. PostgreSQL: a database beside the test's own, made from it as a template."""

    folder: Path
    name: str = field(default_factory=lambda: f"dump_{uuid4().hex[:8]}")

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.sqlite3"

    def take(self) -> Dump:
        connections.close_all()
        if connection.vendor == "sqlite":
            _copy(_live(), self.file)
        else:
            _template(source=_name(), target=self.name)
        return self

    def put_back(self, *, elsewhere: bool = False) -> None:
        """`elsewhere`: the database is made anew, not filled again. On PostgreSQL it always is."""
        connections.close_all()
        if connection.vendor == "sqlite":
            _put_back(self.file, elsewhere)
        else:
            _template(source=self.name, target=_name())

    def drop(self) -> None:
        if connection.vendor == "postgresql":
            with _server() as server:
                server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


@contextmanager
def dump_of_now(folder: Path) -> Iterator[Dump]:
    dump = Dump(folder).take()
    try:
        yield dump
    finally:
        dump.drop()


def _put_back(file: Path, elsewhere: bool) -> None:
    if not elsewhere:
        _copy(file, _live())
        return
    for beside in ("-wal", "-shm"):
        Path(f"{_live()}{beside}").unlink(missing_ok=True)
    fresh = Path(f"{_live()}.fresh")
    shutil.copy(file, fresh)
    fresh.replace(_live())


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
        read.backup(written)
    read.close()
    written.close()


def _template(*, source: str, target: str) -> None:
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _server() -> psycopg.Connection[object]:
    given = connection.get_connection_params()
    login = {name: given[name] for name in ("host", "port", "user", "password") if given.get(name)}
    return psycopg.connect(**login, dbname="postgres", autocommit=True)


def _live() -> Path:
    return Path(connection.settings_dict["NAME"])


def _name() -> str:
    return str(connection.settings_dict["NAME"])
