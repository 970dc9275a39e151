"""Between two tests only those tables are emptied that hold something, and what every database begins with stays: to empty
all of them, and to grant all rights anew, takes longer than most tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.commands import flush
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from hub.queue.schedules import ensure_schedules

KEPT = frozenset({"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"})
"""The groups and their rights. What a test changes of them, it changes within a transaction that is rolled back."""


def empty_what_is_full() -> None:
    """From now on, in this process."""
    type(connection.ops).sql_flush = _emptied  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = lambda *_, **__: ensure_schedules()  # type: ignore[assignment]


def _emptied(operations: BaseDatabaseOperations, style: Any, tables: Sequence[str], **_: Any) -> list[str]:
    """Foreign keys are looked at when the transaction ends, so that the order does not matter."""
    names = [operations.quote_name(table) for table in tables if table not in KEPT]
    each = (f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {name})" for place, name in enumerate(names))
    with operations.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return [f"DELETE FROM {names[place]};" for (place,) in cursor.fetchall()]
