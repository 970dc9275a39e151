"""The flow that leads the other way, where there is one. Each of the two writes to its own target only; what one has
written or found out, it notes for the other, which then knows that it was not a person.

Of the two, the one that leads towards the books is the judge: it alone decides where both sides have changed a field.
While it is switched off, the other decides for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from connectors.base import Resource
from connectors.documents import Document
from hub.accounting.policy import Policy, policy_from
from hub.engine.build import changed_class
from hub.engine.context import Run
from hub.engine.counterparts import fields
from hub.engine.counterparts.merge import same, value_of, with_values
from hub.engine.lookups import Lookups
from hub.engine.steps import Step
from hub.intake.waking import make_due
from hub.models import Counterpart, Flow

Agreed = dict[str, list[Any]]


@dataclass(frozen=True)
class Mirror:
    flow: Flow
    is_judge: bool
    step: Step
    policy: Policy
    target: type[Document]
    resource: Resource[Any]
    lookups: Lookups

    @property
    def owned(self) -> list[str]:
        return fields.owned(self.step.rules, self.policy)

    def judges(self, rules: Iterable[Any], field: str) -> bool:
        """Whether it decides about this field of the flow with these rules, which is made of fields that it owns."""
        ours = [rule for rule in rules if rule.target.partition(".")[0] == field]
        return self.is_judge and any(fields.read(rule) & set(self.owned) for rule in ours)

    def made(self, document: Document) -> dict[str, Any]:
        scope = {**document.model_dump(), "raw": {}, "posted": {}, "policy": self.policy.model_dump()}
        made = fields.made(self.step, self.target, self.resource, scope, self.lookups)
        return {name: value_of(made, name) for name in self.owned}

    def moved(self, before: Document, after: Document, its_target: Document, left: Collection[str] = ()) -> Agreed:
        """What it has to know of a change that was not a person's: its source was written by us. `left`: the fields of
        its source that we have written and that hold something else all the same. That is no person's either: asked to
        carry it back, the two would write for ever."""
        earlier, now, touched = self.made(before), self.made(after), fields.reached(self.step.rules, left)
        return {
            name: [now[name], value_of(its_target, name)]
            for name in self.owned
            if name in touched or not same(earlier[name], now[name])
        }

    def carries(self, field: str) -> bool:
        """Whether it takes this field of its source over at all."""
        return bool(fields.reached(self.step.rules, [field]) & set(self.owned))

    def alike(self, its_source: Document, its_target: Document) -> Agreed:
        """Its source was made of its target just now: whatever they hold, nobody has changed it."""
        now = self.made(its_source)
        return {name: [now[name], value_of(its_target, name)] for name in self.owned}

    def settled(self, agreed: Collection[str], its_source: Document, its_target: Document) -> Agreed:
        """Both sides are found to hold the same in these fields of its source."""
        now = self.made(its_source)
        wholly = {
            name
            for name in fields.reached(self.step.rules, agreed)
            if all(
                fields.read(rule) <= set(agreed) for rule in self.step.rules if rule.target.partition(".")[0] == name
            )
        }
        return {name: [now[name], value_of(its_target, name)] for name in self.owned if name in wholly}

    def handed_over(self, earlier: dict[str, Any], its_source: Document, its_target: Document) -> Agreed:
        """Its source holds what is to be carried over. `earlier`: what its fields held before, or lose against."""
        before, now = self.made(with_values(its_source, earlier)), self.made(its_source)
        touched = fields.reached(self.step.rules, earlier.keys())
        return {
            name: [before[name], value_of(its_target, name)]
            for name in self.owned
            if name in touched and not same(before[name], now[name])
        }

    def row(self, source_id: str, remote_id: str) -> Counterpart:
        """What it remembers, whether or not it ever ran for this record."""
        found, _ = Counterpart.objects.get_or_create(
            flow=self.flow, source_id=source_id, defaults={"remote_id": remote_id}
        )
        return found

    def ring(self, source_id: str) -> None:
        make_due([self.flow], source_id)


def judge(one: Flow, other: Flow) -> Flow:
    """Of two that lead neither towards nor from the books, the elder."""
    return next(
        (flow for flow in (one, other) if flow.target.role == "books"), min(one, other, key=lambda flow: flow.pk)
    )


def leading_back(flow: Flow) -> QuerySet[Flow]:
    return Flow.objects.filter(
        source=flow.target_id,
        source_resource=flow.target_resource,
        target=flow.source_id,
        target_resource=flow.source_resource,
    )


def mirror_of(run: Run) -> Mirror | None:
    """Of several, the first by name."""
    back = leading_back(run.flow).filter(version__isnull=False).select_related("version", "source", "target")
    return next(filter(None, (_mirror(one, run) for one in back)), None)


def _mirror(flow: Flow, run: Run) -> Mirror | None:
    assert flow.version
    steps = (Step.model_validate(step) for step in flow.version.steps)
    step = next((one for one in steps if fields.keeps(one) and one.resource == flow.target_resource), None)
    if step is None:
        return None
    resource = run.source.resource(flow.target_resource)
    judges = flow.enabled and judge(flow, run.flow) == flow
    policy, target = policy_from(flow.version.policy), changed_class(step, resource)
    return Mirror(flow, judges, step, policy, target, resource, run.lookups)
