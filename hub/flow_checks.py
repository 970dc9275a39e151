"""Whether a flow can work at all: what its policy and steps name exists and fits together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from connectors.base import Connector, Resource
from hub import ownership
from hub.accounting.policy import Policy, policy_from
from hub.engine.build import changed_class
from hub.engine.counterparts import fields
from hub.engine.steps import GUARDS, Step
from hub.models import Flow
from mappings.engine import formulas
from mappings.models import Mapping

Location = tuple[int | str, ...]
Complaint = tuple[Location, str]
"""Where in the flow (`("policy", "invoice_prefix")`, `("steps", 2, "mapping")`), and what is wrong in a sentence."""


class FlowError(Exception):
    """The flow cannot be published as it is. `complaints` holds everything that is wrong with it."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = list(complaints)
        super().__init__("\n".join(message for _, message in self.complaints))


def checked(flow: Flow) -> tuple[Policy, list[Step]]:
    """The flow's policy and steps as values, or FlowError."""
    complaints: list[Complaint] = []
    policy, steps = Policy(), []
    try:
        policy = policy_from(flow.policy)
    except ValidationError as error:
        complaints += said(("policy",), error)
    for place, step in enumerate(flow.steps):
        try:
            steps.append(Step.model_validate(step))
        except ValidationError as error:
            complaints += said(("steps", place), error)
    if not complaints:
        complaints = [*_ends(flow), *_prefix(flow, policy), *_steps(flow, steps)]
        complaints = complaints or [*ownership.complaints(flow, policy, steps)]
    if complaints:
        raise FlowError(complaints)
    return policy, steps


def said(where: Location, error: ValidationError) -> Iterator[Complaint]:
    for one in error.errors(include_url=False):
        location = (*where, *one["loc"])
        name = ".".join(map(str, location))
        if one["type"] == "extra_forbidden":
            allowed = Policy.model_fields if where == ("policy",) and len(one["loc"]) == 1 else None
            yield location, f"{name} is unknown." + (f" There are {', '.join(allowed)}." if allowed else "")
        else:
            yield location, f"{name}: {one['msg'].removeprefix('Value error, ')}."


def _ends(flow: Flow) -> Iterator[Complaint]:
    if flow.source_id == flow.target_id:
        yield ("target",), "A flow's source and target are two different connections."
    ends = (("source", flow.source, flow.source_resource), ("target", flow.target, flow.target_resource))
    for name, connection, resource in ends:
        complaint = _missing(connection.connector_class, resource)
        if complaint:
            yield (name,), complaint


def _prefix(flow: Flow, policy: Policy) -> Iterator[Complaint]:
    """Invoice numbers come from the sources: only the prefix keeps them apart in the same books."""
    if flow.target_resource != "invoice":
        return
    for other in Flow.objects.filter(target=flow.target, target_resource="invoice").exclude(pk=flow.pk):
        if policy_from(other.policy).invoice_prefix == policy.invoice_prefix:
            prefix = f"the prefix {policy.invoice_prefix!r}" if policy.invoice_prefix else "no prefix"
            message = f"The flow {other} puts its invoices into {flow.target} with {prefix} too: choose another."
            yield ("policy", "invoice_prefix"), message


def _steps(flow: Flow, steps: Sequence[Step]) -> Iterator[Complaint]:
    if not steps:
        yield ("steps",), "A flow needs at least one step."
    names = [step.name for step in steps]
    mappings = {mapping.name: mapping for mapping in Mapping.objects.filter(name__in=[step.mapping for step in steps])}
    for place, step in enumerate(steps):
        if names.index(step.name) != place:
            yield ("steps", place, "name"), f"There are two steps named {step.name}."
        for key, message in _step(flow, step, mappings):
            yield ("steps", place, key), f"Step {step.name}: {message}"


def _step(flow: Flow, step: Step, mappings: dict[str, Mapping]) -> Iterator[tuple[str, str]]:
    if step.when:
        yield from (("when", complaint) for complaint in formulas.check(step.when))
    if step.rules:
        yield "rules", "its rules belong into its mapping."
    if step.do in GUARDS:
        return
    connection = flow.target if step.on == "target" else flow.source
    if step.on == "target" and step.resource == flow.target_resource and step.on_failure == "continue":
        yield "on_failure", "it makes the flow's own document; without it there is nothing to continue with."
    complaint = _missing(connection.connector_class, step.resource)
    if complaint:
        yield "resource", complaint
    elif fields.keeps(step) and not connection.connector_class.resources[step.resource].offers("amend"):
        yield "do", f"{connection.connector_class.label} cannot change a {step.resource}; use ensure."
    elif step.mapping not in mappings:
        yield "mapping", f"there is no mapping {step.mapping}."
    else:
        yield from _documents(flow, step, mappings[step.mapping], connection.connector_class.resources[step.resource])


def _documents(flow: Flow, step: Step, mapping: Mapping, resource: type[Resource]) -> Iterator[tuple[str, str]]:  # type: ignore[type-arg]
    """The mapping leads from what the flow reads to what the step writes."""
    source = flow.source.connector_class.resources.get(flow.source_resource)
    reads = source.document.__name__ if source else mapping.source
    writes = changed_class(step, resource).__name__
    if (mapping.source, mapping.target) != (reads, writes):
        wrong = f"the mapping {mapping} makes {mapping.target} of {mapping.source}"
        yield "mapping", f"{wrong}, but the step needs {writes} of {reads}."


def _missing(connector: type[Connector], resource: str) -> str:
    if resource in connector.resources:
        return ""
    return f"{connector.label} has no resource {resource!r}; it has {', '.join(sorted(connector.resources))}."
