"""Changing a mapping: checked first, and never without a version to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from mappings.checking import checked
from mappings.engine.rules import Rule
from mappings.models import Mapping, MappingVersion


def save(mapping: Mapping, rules: Sequence[Any], *, by: AbstractBaseUser | None = None, reason: str = "") -> bool:
    """Store the rules (dicts or Rules) of a new or changed mapping. True where that changed anything; then there is a
    new version. Raises MappingError, and then nothing is stored."""
    written = [as_json(rule) for rule in checked(mapping.source, mapping.target, rules)]
    with transaction.atomic():
        stored = Mapping.objects.select_for_update().filter(pk=mapping.pk).first()
        if stored and _same(stored, mapping, written):
            return False
        mapping.number = stored.number + 1 if stored else 1
        mapping.rules = written
        mapping.save()
        MappingVersion.objects.create(
            mapping=mapping, number=mapping.number, rules=written, reason=reason, created_by_id=by.pk if by else None
        )
    return True


def rules_of(mapping: Mapping) -> list[Rule]:
    return [Rule.model_validate(rule) for rule in mapping.rules]


def as_json(rule: Rule) -> dict[str, Any]:
    """Only what was said."""
    return rule.model_dump(mode="json", exclude_defaults=True)


def _same(stored: Mapping, mapping: Mapping, rules: list[dict[str, Any]]) -> bool:
    return (stored.source, stored.target, stored.rules) == (mapping.source, mapping.target, rules)
