"""Which database this is, by what a copy of its content cannot carry along."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import ProgrammingError, connection

_told: tuple[Any, str] | None = None
"""The session that was asked, and its answer: for as long as it lives, a session stays where it is."""


def place() -> str:
    """PostgreSQL: the cluster and the database in it; SQLite: the file. Empty where it cannot be told."""
    if connection.vendor == "postgresql":
        return _asked()
    try:
        return f"file {Path(connection.settings_dict['NAME']).stat().st_ino}"
    except OSError:  # it lives in memory
        return ""


def _asked() -> str:
    global _told
    connection.ensure_connection()
    if _told is None or _told[0] is not connection.connection:
        _told = (connection.connection, _answer())
    return _told[1]


def _answer() -> str:
    """Some hosted servers show nobody their cluster's identity."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        database = cursor.fetchone()[0]
        with suppress(ProgrammingError):
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            return f"cluster {cursor.fetchone()[0]}, database {database}"
    return f"database {database}"
