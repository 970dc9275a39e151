"""A field of a target's records has one owning flow: two that keep it up to date would undo each other's work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pydantic import ValidationError

from hub.accounting.policy import Policy, policy_from
from hub.engine.counterparts.fields import keeps, owned
from hub.engine.steps import Step
from hub.models import Flow
from mappings import editing
from mappings.models import Mapping

Complaint = tuple[tuple[int | str, ...], str]


def complaints(flow: Flow, policy: Policy, steps: Sequence[Step]) -> Iterator[Complaint]:
    """One for each flow that owns some of the same fields already."""
    for resource, mine in _fields(policy, steps).items():
        for other in Flow.objects.filter(target=flow.target_id).exclude(pk=flow.pk).order_by("name"):
            shared = [name for name in mine if name in _owned_by(other).get(resource, ())]
            if shared:
                yield ("policy", "owns"), _said(flow, other, resource, shared, mine)


def _said(flow: Flow, other: Flow, resource: str, shared: Sequence[str], mine: Sequence[str]) -> str:
    left = ", ".join(name for name in mine if name not in shared)
    return (
        f"The flow {other} owns {', '.join(shared)} of each {resource} in {flow.target} already, and {flow} wants to own "
        f"the same: a field has one owner. Give {flow} the policy owns: [{left}], or take the field away from {other}."
    )


def _owned_by(flow: Flow) -> dict[str, list[str]]:
    """As it stands now, published or not. One that is broken owns nothing until it is mended."""
    try:
        return _fields(policy_from(flow.policy), [Step.model_validate(step) for step in flow.steps])
    except ValidationError:
        return {}


def _fields(policy: Policy, steps: Iterable[Step]) -> dict[str, list[str]]:
    """Resource → fields, in the order of the rules."""
    keeping = [step for step in steps if keeps(step)]
    mappings = {one.name: one for one in Mapping.objects.filter(name__in=[step.mapping for step in keeping])}
    return {
        step.resource: owned(editing.rules_of(mappings[step.mapping]), policy)
        for step in keeping
        if step.mapping in mappings
    }
