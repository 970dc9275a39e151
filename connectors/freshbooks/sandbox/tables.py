"""Where records are kept: rows by id, with look-ups beside them so that filtered lists stay quick."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

Row = dict[str, Any]
"""A record as the wire shows it. Names that begin with an underscore are facts the wire does not show."""


class Table:
    """Ids only grow, so the order of insertion is the order of ids. A changed row must be saved again."""

    def __init__(self, first_id: int, **keys: Callable[[Row], Hashable]) -> None:
        self._next = first_id
        self._keys = keys
        self._rows: dict[int, Row] = {}
        self._found: dict[str, dict[Hashable, dict[int, Row]]] = {name: defaultdict(dict) for name in keys}
        self._filed: dict[int, dict[str, Hashable]] = {}

    def next_id(self) -> int:
        self._next += 1
        return self._next - 1

    def save(self, row: Row) -> Row:
        self._unfile(row["id"])
        self._rows[row["id"]] = row
        self._filed[row["id"]] = {name: key(row) for name, key in self._keys.items()}
        for name, value in self._filed[row["id"]].items():
            self._found[name][value][row["id"]] = row
        return row

    def remove(self, row: Row) -> None:
        self._unfile(row["id"])
        del self._rows[row["id"]]

    def get(self, id: int) -> Row | None:
        return self._rows.get(id)

    def find(self, name: str, value: Hashable) -> list[Row]:
        """Oldest first."""
        rows = self._found[name].get(value, {})
        return [rows[id] for id in sorted(rows)]

    def indexes(self, name: str) -> bool:
        return name in self._keys

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def newest(self) -> Iterator[Row]:
        return reversed(self._rows.values())

    def _unfile(self, id: int) -> None:
        for name, value in self._filed.pop(id, {}).items():
            self._found[name][value].pop(id, None)
