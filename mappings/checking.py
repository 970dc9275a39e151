"""Whether rules can work at all, before they meet a record: they parse, and what they name exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from mappings.engine import grammar, schema, transforms
from mappings.engine.build import ELEMENT
from mappings.engine.errors import MappingError, Problem, Trouble
from mappings.engine.rules import Rule

BESIDE = ("raw", "wanted", "payment", "refund", "item", "posted", "policy")
"""What a flow puts beside the fields of the source document."""


def checked(source: str, target: str, rules: Sequence[Any]) -> list[Rule]:
    """The rules, or MappingError with every problem; its `field` is `rules.<place>.<key>`."""
    problems, parsed = [*_documents(source, target)], []
    for place, given in enumerate(rules):
        try:
            parsed.append(Rule.model_validate(given))
        except ValidationError as error:
            problems += [_unreadable(place, given, dict(one)) for one in error.errors(include_url=False)]
    if not problems:
        problems = [one for place, rule in enumerate(parsed) for one in _findings(source, target, place, rule)]
    if problems:
        raise MappingError(problems)
    return parsed


def _documents(source: str, target: str) -> Iterator[Problem]:
    known = schema.document_classes()
    for field, name in (("source", source), ("target", target)):
        if name not in known:
            yield Problem(field, name, f"There is no document {name!r}.", f"Use one of {', '.join(sorted(known))}.")


def _unreadable(place: int, given: Any, error: dict[str, Any]) -> Problem:
    field = ".".join(map(str, ("rules", place, *error["loc"])))
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "a rule has no such key"
    return Problem(field, given, f"{message}.", f"A rule has {', '.join(Rule.model_fields)}.")


def _findings(source: str, target: str, place: int, rule: Rule) -> Iterator[Problem]:
    check = _RuleCheck(schema.document_classes()[source], schema.document_classes()[target], rule)
    for key, value, message, remedy in check.findings():
        yield Problem(f"rules.{place}.{key}", value, f"The rule for {rule.target}: {message}", remedy)


Finding = tuple[str, Any, str, str]


class _RuleCheck:
    """One rule against the two documents it stands between."""

    def __init__(self, source: type[BaseModel], target: type[BaseModel], rule: Rule) -> None:
        self.source = source
        self.target = target
        self.rule = rule

    def findings(self) -> Iterator[Finding]:
        yield from self._target()
        yield from self._each()
        if self.rule.source:
            yield from self._readable("source", self.rule.source)
        for key, formula in (("formula", self.rule.formula), ("when", self.rule.when)):
            if formula:
                yield from self._formula(key, formula)
        for written in self.rule.transforms:
            for complaint in transforms.check(written):
                yield "transforms", written, complaint, ""

    def _target(self) -> Iterator[Finding]:
        name = self.rule.target
        if not schema.has(self.target, name):
            offered = ", ".join(self.target.model_fields)
            yield "target", name, f"{self.target.__name__} has no field {name}.", f"It has {offered}."
        elif self.rule.each and not self._is_list(self.target, name.partition(".")[0]):
            yield "target", name, "It goes through a list, but its target is not one.", "Remove `each`."

    def _each(self) -> Iterator[Finding]:
        if self.rule.each:
            yield from self._readable("each", self.rule.each)
            if self._is_ours(self.rule.each) and not self._is_list(self.source, self.rule.each):
                yield "each", self.rule.each, f"{self.rule.each} is not a list.", "Choose a list to go through."

    def _formula(self, key: str, formula: str) -> Iterator[Finding]:
        try:
            reads = grammar.compiled(formula).reads
        except Trouble as trouble:
            yield key, formula, trouble.message, trouble.remedy
            return
        for path in reads:
            yield from self._readable(key, path)

    def _readable(self, key: str, path: str) -> Iterator[Finding]:
        """Whether there can be such a field. What stands beside the source document is not known here in detail."""
        name, _, rest = path.partition(".")
        if name in BESIDE or (name == ELEMENT and self.rule.each and self._element_has(rest)):
            return
        if not schema.has(self.source, path):
            offered = ", ".join([*self.source.model_fields, *BESIDE])
            yield key, path, f"There is no field {path} to read.", f"There are {offered}; under `each` also {ELEMENT}."

    def _element_has(self, rest: str) -> bool:
        field = schema.find(self.source, self.rule.each.split(".")) if self._is_ours(self.rule.each) else None
        element = schema.model_in(field.annotation) if field else None
        return not rest or element is None or schema.has(element, rest)

    def _is_ours(self, path: str) -> bool:
        return path.partition(".")[0] in self.source.model_fields

    def _is_list(self, kind: type[BaseModel], path: str) -> bool:
        field = schema.find(kind, path.split("."))
        return field is not None and schema.is_list(field.annotation)
