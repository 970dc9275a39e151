"""What a mapping's rules, saved or not, would make of a real past record. Nothing is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from hub.admin.sheets import Sheet, sheet
from hub.admin.words import heading, plain
from hub.engine.preview import Preview, preview
from hub.engine.steps import Step
from hub.engine.terms import steps_of
from hub.models import Flow, SyncRecord
from mappings.checking import checked
from mappings.engine.rules import Rule
from mappings.models import Mapping

OFFERED = 25


@dataclass(frozen=True)
class Shown:
    """`own` are the documents that this mapping builds, `others` the rest of what the flow would post."""

    record: SyncRecord
    source: Sheet | None
    own: list[Sheet]
    others: list[Sheet]
    problems: list[str]


def flows_using(mapping: Mapping) -> list[Flow]:
    found = Flow.objects.select_related("source", "target", "version")
    return [flow for flow in found if any(step.get("mapping") == mapping.name for step in flow.steps)]


def past_records(flows: Sequence[Flow], number: str = "") -> QuerySet[SyncRecord]:
    """Records that have been read at least once: their raw answer is there to be parsed again."""
    read = SyncRecord.objects.filter(flow__in=flows).exclude(number="").select_related("flow")
    return (read.filter(Q(number=number) | Q(source_id=number)) if number else read)[:OFFERED]


def try_rules(mapping: Mapping, rules: Sequence[Any], record: SyncRecord) -> Shown | None:
    """Raises MappingError where the rules cannot work at all. None where nothing was kept of the record."""
    raw = record.attempts.filter(raw__isnull=False).values_list("raw", flat=True).first()
    if raw is None:
        return None
    parsed = tuple(checked(mapping.source, mapping.target, rules))
    steps = _steps(record.flow, mapping, parsed)
    return _shown(record, _tried(record, raw, steps), _names(steps, mapping))


def _tried(record: SyncRecord, raw: Any, steps: tuple[Step, ...]) -> Preview:
    try:
        return preview(record.flow, raw, fixes=record.fixes, steps=steps)
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:  # raw is theirs, and may be odd
        what = plain(record.flow.source_resource)
        return Preview(problems=[f"What the source answered cannot be read as {what}: {type(error).__name__} {error}"])


def _steps(flow: Flow, mapping: Mapping, rules: tuple[Rule, ...]) -> tuple[Step, ...]:
    written = steps_of(flow)
    stored = {one.name: one.rules for one in Mapping.objects.filter(name__in=[step.mapping for step in written])}
    return tuple(
        step.model_copy(update={"rules": rules if step.mapping == mapping.name else _rules(step, stored)})
        for step in written
    )


def _rules(step: Step, stored: dict[str, Any]) -> tuple[Rule, ...]:
    """The version's own; of a flow that was never published, those of the mapping as it stands."""
    return step.rules or tuple(Rule.model_validate(rule) for rule in stored.get(step.mapping, ()))


def _names(steps: Sequence[Step], mapping: Mapping) -> set[str]:
    return {step.name for step in steps if step.mapping == mapping.name}


def _shown(record: SyncRecord, made: Preview, own: set[str]) -> Shown:
    drawn = [(one.step in own, sheet(heading(one.resource), one.document)) for one in made.built]
    read = made.document
    return Shown(
        record=record,
        source=sheet(heading(record.flow.source_resource), read.model_dump(mode="json")) if read else None,
        own=[one for mine, one in drawn if mine],
        others=[one for mine, one in drawn if not mine],
        problems=made.problems,
    )
