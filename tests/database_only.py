"""A pytest plugin for the second pass, on PostgreSQL: only what touches the database has to run again, and between two
tests only those tables are emptied that hold something. To truncate all of them takes longer than most tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    DatabaseOperations.sql_flush = _emptied  # type: ignore[method-assign]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    again = [item for item in items if touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def touches_database(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(FIXTURES & set(getattr(item, "fixturenames", ())))


def _emptied(operations: DatabaseOperations, style: Any, tables: Sequence[str], **_: Any) -> list[str]:
    """Foreign keys are looked at when the transaction ends, so that the order does not matter."""
    names = [operations.quote_name(table) for table in tables]
    each = (f"SELECT {place} WHERE EXISTS (SELECT FROM {name})" for place, name in enumerate(names))
    with operations.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return [f"DELETE FROM {names[place]};" for (place,) in cursor.fetchall()]
