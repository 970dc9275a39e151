"""Between two tests on PostgreSQL only those tables are emptied that hold something: to truncate all of them takes longer
than most tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations


def empty_what_is_full() -> None:
    """From now on, in this process."""
    DatabaseOperations.sql_flush = _emptied  # type: ignore[method-assign]


def _emptied(operations: DatabaseOperations, style: Any, tables: Sequence[str], **_: Any) -> list[str]:
    """Foreign keys are looked at when the transaction ends, so that the order does not matter."""
    names = [operations.quote_name(table) for table in tables]
    each = (f"SELECT {place} WHERE EXISTS (SELECT FROM {name})" for place, name in enumerate(names))
    with operations.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return [f"DELETE FROM {names[place]};" for (place,) in cursor.fetchall()]
