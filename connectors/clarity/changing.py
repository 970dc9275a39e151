"""A change of some fields of a record, under the names and at the places at which the site itself keeps them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.clarity.reading import at, plain, steps
from connectors.clarity.record import Record
from connectors.documents import Raw
from connectors.errors import Rejected


class Change:
    """`body` is what is to be sent: whole values at the record's top, of which all but what was set is as it was."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.body: Raw = {}

    def set(self, name: str, value: Any) -> None:
        """Where it is read; nothing also wherever it would be read instead."""
        held = [path for path in self.record.paths(name) if at(self.record.raw, path) not in (None, "")]
        for path in held if value in (None, "") else held[:1] or [self._vacant(name)]:
            self._put(name, steps(path), value)

    def _vacant(self, name: str) -> str:
        """Nothing stands there yet: at the first place that the record knows, else the first that the settings say."""
        paths = self.record.paths(name)
        present = {plain(key) for key in self.record.raw}
        return next((path for path in paths if plain(steps(path)[0]) in present), paths[0])

    def _put(self, name: str, path: Sequence[str], value: Any) -> None:
        first, *rest = path
        key = _spelled(self.record.raw, first)
        known = self.body.get(key, self.record.raw.get(key))
        self.body[key] = self._within(name, known, rest, value) if rest else value

    def _within(self, name: str, known: Any, path: Sequence[str], value: Any) -> Any:
        """A copy, with the value at its place."""
        if not path:
            return value
        first, *rest = path
        if isinstance(known, list) and first.isdecimal() and int(first) < len(known):
            changed = copy.copy(known)
            changed[int(first)] = self._within(name, known[int(first)], rest, value)
            return changed
        if isinstance(known, Mapping) or known is None:
            held = dict(known or {})
            key = _spelled(held, first)
            return {**held, key: self._within(name, held.get(key), rest, value)}
        raise self._nowhere(name)

    def _nowhere(self, name: str) -> Rejected:
        field = f"{self.record.kind}.{name}"
        return Rejected(
            f"{self.record.called} has no place for {name} at {self.record.looked(name)}. Say under “Fields” where it is "
            f'to stand: {{"{field}": "…"}}',
            code="no_place",
            field=field,
        )


def _spelled(held: Mapping[str, Any], wanted: str) -> str:
    """As the record spells it, if it has it."""
    return next((key for key in held if plain(key) == plain(wanted)), wanted)
