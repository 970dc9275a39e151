"""Rules and a scope make the content of a document. Nothing of the scope is changed, and nothing is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mappings.engine import formulas, paths, transforms, values
from mappings.engine.errors import MappingError, Problem, Trouble
from mappings.engine.functions import Tables
from mappings.engine.rules import Rule

Scope = Mapping[str, Any]
ELEMENT = "line"
"""What a rule under `each` calls the current element."""


def build(rules: Iterable[Rule], scope: Scope, lookups: Tables | None = None) -> dict[str, Any]:
    """The document's content, for `validate`. An empty value leaves its field out, so that the document's own default
    stands. Raises MappingError with everything that is wrong, not only the first."""
    building = _Building(scope, lookups or {})
    for rule in rules:
        if rule.each:
            building.apply_to_each(rule)
        else:
            building.apply(rule)
    return building.finished()


def holds(when: str, scope: Scope, lookups: Tables | None = None) -> bool:
    """Whether a condition is met; an empty one always is. Raises MappingError."""
    return not when.strip() or bool(formulas.evaluate(when, scope, lookups))


class _Building:
    """`rows` keeps the lists being built: one element for each of the list that a rule goes through."""

    def __init__(self, scope: Scope, lookups: Tables) -> None:
        self.scope = scope
        self.lookups = lookups
        self.document: dict[str, Any] = {}
        self.rows: dict[tuple[str, str], list[Any]] = {}
        self.problems: list[Problem] = []

    def apply(self, rule: Rule) -> None:
        value = self._value(rule, self.scope, rule.target)
        if not values.is_empty(value):
            self._put(self.document, rule.target, value, rule.target)

    def apply_to_each(self, rule: Rule) -> None:
        elements = paths.get(self.scope, rule.each)
        if elements is not None and not isinstance(elements, list | tuple):
            return self._note(rule.target, elements, f"{rule.each} is not a list.", "Choose a list to go through.")
        name, _, rest = rule.target.partition(".")
        rows = self.rows.setdefault((name, rule.each), [{} if rest else None for _ in elements or ()])
        for place, element in enumerate(elements or ()):
            field = ".".join(filter(None, (name, str(place), rest)))
            value = self._value(rule, {**self.scope, ELEMENT: element}, field)
            if values.is_empty(value):
                continue
            if rest and isinstance(rows[place], dict):
                self._put(rows[place], rest, value, field)
            else:
                rows[place] = value

    def finished(self) -> dict[str, Any]:
        for (name, _), rows in self.rows.items():
            existing = self.document.setdefault(name, [])
            if isinstance(existing, list):
                self.document[name] = [*existing, *rows]
            else:
                self._note(name, existing, "It is given both as one value and as a list.", "Keep one of the two rules.")
        if self.problems:
            raise MappingError(self.problems)
        return self.document

    def _value(self, rule: Rule, scope: Scope, field: str) -> Any:
        try:
            if rule.when and not formulas.solve(rule.when, scope, self.lookups):
                return None
            value = transforms.apply(self._origin(rule, scope), rule.transforms, self.lookups)
        except Trouble as trouble:
            return self._note(field, trouble.value, trouble.message, trouble.remedy)
        return paths.plain(rule.default if values.is_empty(value) else value)

    def _origin(self, rule: Rule, scope: Scope) -> Any:
        if rule.formula:
            return formulas.solve(rule.formula, scope, self.lookups)
        return paths.get(scope, rule.source) if rule.source else rule.value

    def _put(self, document: dict[str, Any], path: str, value: Any, field: str) -> None:
        try:
            paths.put(document, path, value)
        except KeyError:
            self._note(field, value, "Another rule fills what this field belongs to.", "Remove one of the two rules.")

    def _note(self, field: str, value: Any, message: str, remedy: str) -> None:
        self.problems.append(Problem(field, value, message, remedy))
