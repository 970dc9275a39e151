"""The least that a safe webhook door can do: one committed INSERT of the body, then 202. A WSGI application."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

URL = os.environ["DATABASE_URL"]
SQLITE = "sqlite:///"
_mine = threading.local()
_turn = threading.Lock()
"""SQLite writes one at a time; those who wait for its lock sleep too long."""


def prepare() -> None:
    key = "INTEGER PRIMARY KEY" if URL.startswith(SQLITE) else "bigserial PRIMARY KEY"
    body = "BLOB" if URL.startswith(SQLITE) else "bytea"
    _connected().execute(f"CREATE TABLE bare (id {key}, body {body})")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    insert(environ["wsgi.input"].read())
    start_response("202 Accepted", [("Content-Length", "0")])
    return []


def insert(body: bytes) -> None:
    if URL.startswith(SQLITE):
        with _turn:
            _connection().execute("INSERT INTO bare (body) VALUES (?)", [body])
    else:
        _connection().execute("INSERT INTO bare (body) VALUES (%s)", [body])


def _connection() -> Any:
    if not hasattr(_mine, "connection"):
        _mine.connection = _connected()
    return _mine.connection


def _connected() -> Any:
    if not URL.startswith(SQLITE):
        return psycopg.connect(URL, autocommit=True)
    file = sqlite3.connect(URL.removeprefix(SQLITE), isolation_level=None, timeout=20)
    file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    return file
