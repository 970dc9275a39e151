"""Rows in memory, in the order of their ids. Rows are replaced, never changed in place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


class Table:
    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def put(self, row: Row) -> Row:
        self._rows[str(row["id"])] = row
        return row

    def get(self, id: str) -> Row | None:
        return self._rows.get(id)

    def edit(self, id: str) -> Row:
        """A copy to be changed and put back. Raises KeyError."""
        return copy.deepcopy(self._rows[id])

    def remove(self, id: str) -> None:
        self._rows.pop(id, None)

    def having(self, name: str, value: Any) -> list[Row]:
        return [row for row in self._rows.values() if row.get(name) == value]

    def __iter__(self) -> Iterator[Row]:
        return iter([*self._rows.values()])

    def __len__(self) -> int:
        return len(self._rows)
