"""Which fields a flow keeps up to date, and whose value stands where both sides have changed one: as the flow's page
says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hub.accounting.policy import Policy, policy_from
from hub.admin.words import heading
from hub.engine.counterparts.fields import keeps, owned
from hub.engine.counterparts.mirror import judge, leading_back
from hub.engine.steps import Step
from hub.models import Flow
from mappings import editing
from mappings.models import Mapping


@dataclass(frozen=True)
class Winners:
    """`judge` is the flow that decides instead, while it is switched on."""

    fields: list[tuple[str, str]]
    judge: str = ""


def winners(flow: Flow) -> Winners | None:
    """None where the flow keeps nothing alike."""
    kept = [step for step in (Step.model_validate(one) for one in flow.steps) if keeps(step)]
    if not kept:
        return None
    policy = policy_from(flow.policy)
    back = leading_back(flow).filter(enabled=True, version__isnull=False).first()
    other = back.name if back and judge(flow, back) == back else ""
    return Winners([field for step in kept for field in _fields(step, policy, flow)], other)


def _fields(step: Step, policy: Policy, flow: Flow) -> Iterator[tuple[str, str]]:
    mapping = Mapping.objects.filter(name=step.mapping).first()
    stands = {
        "source": f"the value in {flow.source}",
        "target": f"the value in {flow.target}",
        "ask": "what a person chooses",
    }
    for name in owned(editing.rules_of(mapping), policy) if mapping else ():
        yield heading(name), stands[policy.owner(name)]
