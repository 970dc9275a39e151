"""Flows from a file: all are saved first and then published, so that two flows may swap their prefixes."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from connectors.models import Connection
from hub.configuration.report import Report, Wrong
from hub.configuration.shape import FlowEntry
from hub.engine.steps import Step
from hub.flow_checks import Complaint, FlowError, said
from hub.flows import as_json, differing_policy, make_mappings, merged_policy, publish
from hub.models import Flow
from hub.presets import Preset, PresetError, resolve


def save_flow(entry: FlowEntry, report: Report) -> Flow:
    """The flow as the file wants it, saved and not yet published. Raises Wrong and FlowError."""
    _policy({}, entry)  # so that its mistakes are told even where the connections are wrong too
    stored = Flow.objects.select_for_update().filter(name=entry.name).first()
    if stored:
        _require_kept(stored, entry)
    flow = stored or _new(entry, report)
    wanted = _wanted(flow, entry)
    parts = [name for name, value in wanted.items() if getattr(flow, name) != value]
    for name in parts:
        setattr(flow, name, wanted[name])
    if parts or stored is None:
        flow.save()
    report.changed(f"flow {flow}", parts if stored else ["created"])
    return flow


def publish_flow(flow: Flow, report: Report) -> None:
    """Raises FlowError."""
    before = flow.version_id
    version = publish(flow, reason="Applied from a file")
    report.changed(f"flow {flow}", [f"version {version.number}"] if version.pk != before else [])


def _wanted(flow: Flow, entry: FlowEntry) -> dict[str, Any]:
    """Raises FlowError."""
    given = entry.model_fields_set
    return {
        "policy": _policy(flow.policy, entry),
        **({"enabled": entry.enabled} if "enabled" in given else {}),
        **({"steps": _steps(entry)} if "steps" in given else {}),
    }


def _policy(base: dict[str, Any], entry: FlowEntry) -> dict[str, Any]:
    """Raises FlowError."""
    try:
        return differing_policy(merged_policy(base, entry.policy))
    except ValidationError as error:
        raise FlowError(list(said(("policy",), error))) from None


def _steps(entry: FlowEntry) -> list[dict[str, Any]]:
    complaints: list[Complaint] = []
    steps: list[Step] = []
    for place, step in enumerate(entry.steps):
        try:
            steps.append(Step.model_validate(step))
        except ValidationError as error:
            complaints += said(("steps", place), error)
    if complaints:
        raise FlowError(complaints)
    return [as_json(step) for step in steps]


def _require_kept(flow: Flow, entry: FlowEntry) -> None:
    """A flow's records stand on its two ends, so these never change."""
    stands = {
        "preset": f"{flow.source.kind}-{flow.preset}" if flow.preset else "",
        "source": flow.source.name,
        "source_resource": flow.source_resource,
        "target": flow.target.name,
        "target_resource": flow.target_resource,
    }
    changed = [name for name in stands if name in entry.model_fields_set and getattr(entry, name) != stands[name]]
    if changed:
        remedy = "and that cannot be changed: make a new flow instead"
        raise Wrong(*(((name,), f"it is {stands[name] or 'none'}, {remedy}") for name in changed))


def _new(entry: FlowEntry, report: Report) -> Flow:
    if not (entry.preset or (entry.steps and entry.source_resource and entry.target_resource)):
        raise Wrong(((), "a new flow needs a preset, or its steps with source_resource and target_resource"))
    source, target = _connection("source", entry.source, report), _connection("target", entry.target, report)
    if not entry.preset:
        resources = {"source_resource": entry.source_resource, "target_resource": entry.target_resource}
        return Flow(name=entry.name, source=source, target=target, **resources)
    preset = _preset(entry.preset, source, target)
    for mapping in make_mappings(preset):
        report.changed(f"mapping {mapping}", ["created"])
    return Flow(
        name=entry.name,
        preset=preset.name,
        source=source,
        source_resource=preset.source.resource,
        target=target,
        target_resource=preset.target.resource,
        policy=preset.policy,
        steps=[as_json(step) for step in preset.steps],
    )


def _connection(end: str, name: str, report: Report) -> Connection:
    found = Connection.objects.filter(name=name).first()
    if found:
        return found
    if name in {entry.name for entry in report.file.connections}:
        raise Wrong()  # what is wrong with it has been said already
    known = ", ".join(Connection.objects.values_list("name", flat=True)) or "none"
    raise Wrong(((end,), f"there is no connection {name!r}; there are {known}"))


def _preset(slug: str, source: Connection, target: Connection) -> Preset:
    """The preset, which must be made for this kind of source and this role of target."""
    try:
        preset = resolve(slug)
    except PresetError as error:
        raise Wrong((("preset",), str(error))) from None
    if source.kind != preset.kind:
        raise Wrong((("preset",), f"{slug} is for {preset.kind}, but {source} is of kind {source.kind}"))
    if target.role != preset.target.role:
        raise Wrong((("target",), f"{slug} leads to {preset.target.role}, but {target} is of role {target.role}"))
    return preset
