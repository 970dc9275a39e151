"""A flow's steps in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from hub.admin.words import plain
from hub.engine.steps import Step
from hub.models import Flow
from mappings.models import Mapping

DOES = {
    "ensure": "make sure that the {what} exists",
    "upsert": "make the {what}, or bring it up to date",
    "update": "write to the {what}",
    "hold": "hold the record for a person",
    "skip": "skip the record",
}


@dataclass(frozen=True)
class SaidStep:
    sentence: str
    condition: str
    """In words where the flow's own choices decide; else as it is written."""
    mapping: str
    link: str


def steps_in_words(flow: Flow) -> list[SaidStep]:
    mappings = dict(Mapping.objects.values_list("name", "pk"))
    return [_said(Step.model_validate(step), flow, mappings) for step in flow.steps]


def _said(step: Step, flow: Flow, mappings: dict[str, int]) -> SaidStep:
    where = flow.target.name if step.on == "target" else flow.source.name
    each = f"For each of the {step.each}: " if step.each else ""
    does = DOES[step.do].format(what=plain(step.resource))
    place = f" in {where}" if step.resource else f" ({step.message or plain(step.reason)})"
    harmless = "; if that fails, the rest stands" if step.on_failure == "continue" else ""
    sentence = f"{each}{does}{place}{harmless}."
    known = mappings.get(step.mapping)
    return SaidStep(
        sentence=sentence[0].upper() + sentence[1:],
        condition=_condition(step.when),
        mapping=step.mapping,
        link=reverse("admin:mappings_mapping_change", args=[known]) if known else "",
    )


def _condition(when: str) -> str:
    if "policy." in when:
        return "Only where the choices below say so."
    return f"Only when {when}." if when else ""
