"""An empty database for each bench, on both kinds, as safe against power cuts as in production."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from cryptography.fernet import Fernet

from tests.postgres import postgres_url

KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def installation(kind: str) -> Iterator[Mapping[str, str]]:
    """The environment of a hub of its own. Nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="countinghouse-bench-") as var:
        given = {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "COUNTINGHOUSE_VAR": var,
            "COUNTINGHOUSE_FIELD_KEYS": Fernet.generate_key().decode(),
            "COUNTINGHOUSE_ALLOW_HOSTS": "127.0.0.1",
            "LOG_LEVEL": "WARNING",
        }
        if kind == "SQLite":
            yield {**given, "DATABASE_URL": f"sqlite:///{var}/hub.sqlite3"}
        else:
            with postgres_url(durable=True) as server, _fresh(server) as url:
                yield {**given, "DATABASE_URL": url}


@contextmanager
def _fresh(server: str) -> Iterator[str]:
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
