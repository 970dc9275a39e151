"""Which fields of the target a step owns, and which of them a field of the source reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from connectors.base import Resource
from connectors.documents import Document
from hub.accounting.policy import Policy
from hub.engine.lookups import Lookups
from hub.engine.steps import Step
from hub.models.counterparts import RESOURCES
from mappings.engine.build import build, holds
from mappings.engine.grammar import compiled
from mappings.engine.rules import Rule
from mappings.engine.validate import validate

KEEPING = ("upsert", "update")
"""What a step does that goes on looking after its document once it is there."""


def keeps(step: Step) -> bool:
    return step.do in KEEPING and step.on == "target" and step.resource in RESOURCES


def owned(rules: Iterable[Rule], policy: Policy) -> list[str]:
    """Each field once, in the order of the rules."""
    named = dict.fromkeys(rule.target.partition(".")[0] for rule in rules)
    return [name for name in named if policy.keeps(name)]


def reached(rules: Iterable[Rule], changed: Collection[str]) -> set[str]:
    """The target's fields that are made of these fields of the source."""
    return {rule.target.partition(".")[0] for rule in rules if read(rule) & set(changed)}


def read(rule: Rule) -> set[str]:
    """The source's fields that a rule reads."""
    return compiled(rule.formula).names if rule.formula else {rule.source.partition(".")[0]} - {""}


def made(
    step: Step, target: type[Document], resource: Resource[Any], scope: dict[str, Any], lookups: Lookups
) -> Document:
    """What a step makes of the scope's document, as it will stand there. Raises MappingError."""
    kept: Document = resource.as_kept(validate(target, build(step.rules, scope, lookups)))
    return kept


def spoken(step: Step, scope: dict[str, Any], lookups: Lookups) -> set[str]:
    """The fields of which the rules say something now: a rule whose condition is false says nothing."""
    return {rule.target.partition(".")[0] for rule in step.rules if holds(rule.when, scope, lookups)}
