"""Rows in memory, found by id or by an indexed column. Rows are replaced, never changed in place."""

from __future__ import annotations

import copy
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


class Table:
    """A row written with `late` seconds is committed late: until then readers see what was there before."""

    def __init__(self, key: str, *indexed: str) -> None:
        self.key = key
        self._rows: dict[int, Row] = {}
        self._indexes: dict[str, dict[Any, dict[int, None]]] = {name: defaultdict(dict) for name in indexed}
        self._uncommitted: dict[int, tuple[float, Row | None]] = {}
        self._highest = 0

    def put(self, row: Row, late: float = 0.0) -> None:
        id = int(row[self.key])
        before = self._rows.get(id)
        if late > 0:
            self._uncommitted[id] = (time.monotonic() + late, before)
        for name, index in self._indexes.items():
            if before is not None:
                index[before.get(name)].pop(id, None)
            index[row.get(name)][id] = None
        self._rows[id] = row
        self._highest = max(self._highest, id)

    def remove(self, id: int) -> None:
        row = self._rows.pop(id, {})
        self._uncommitted.pop(id, None)
        for name, index in self._indexes.items():
            index[row.get(name)].pop(id, None)

    def edit(self, id: int) -> Row | None:
        """A copy of the newest version, to be changed and put back."""
        return copy.deepcopy(self._rows.get(id))

    def peek(self, id: int) -> Row:
        """The newest version itself, only to be read. Raises KeyError."""
        return self._rows[id]

    def newest(self, column: str, value: Any) -> list[Row]:
        return [self._rows[id] for id in self._indexes[column].get(value, ())]

    def get(self, id: int) -> Row | None:
        """What a reader sees."""
        if id in self._uncommitted:
            commit_at, before = self._uncommitted[id]
            if time.monotonic() < commit_at:
                return before
            del self._uncommitted[id]
        return self._rows.get(id)

    def __iter__(self) -> Iterator[Row]:
        if not self._uncommitted:
            return iter(self._rows.values())
        return iter([row for id in self._rows if (row := self.get(id)) is not None])

    def next_id(self) -> int:
        return self._highest + 1
