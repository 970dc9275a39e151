"""Flows: made from a preset, and published as versions. What runs is always a version, whole in itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from pydantic import BaseModel

from connectors.models import Connection
from hub.accounting.policy import Policy, policy_from
from hub.engine.steps import Step
from hub.flow_checks import FlowError, checked
from hub.models import Flow, FlowVersion
from hub.presets import Preset
from mappings import editing
from mappings.models import Mapping

__all__ = [
    "FlowError",
    "as_json",
    "differing_policy",
    "make_from_preset",
    "make_mappings",
    "merged_policy",
    "publish",
    "republish",
]


def publish(flow: Flow, *, by: AbstractBaseUser | None = None, reason: str = "") -> FlowVersion:
    """Take the flow and its mappings as they stand now; from here on they run so. The current version where nothing
    differs. Raises FlowError."""
    policy, steps = checked(flow)
    content = {"policy": policy.model_dump(mode="json", by_alias=True), "steps": [_whole(step) for step in steps]}
    with transaction.atomic():
        current = Flow.objects.select_for_update().get(pk=flow.pk).version
        if current and {"policy": current.policy, "steps": current.steps} == content:
            flow.version = current
            return current
        newest = FlowVersion.objects.filter(flow=flow).first()
        flow.version = FlowVersion.objects.create(
            flow=flow,
            number=newest.number + 1 if newest else 1,
            reason=reason,
            created_by_id=by.pk if by else None,
            **content,
        )
        flow.save(update_fields=["version"])
    return flow.version


def republish(mapping: Mapping, *, by: AbstractBaseUser | None = None, reason: str = "") -> list[Flow]:
    """Publish every flow that uses the mapping; returns those that have a new version. Raises FlowError."""
    using = [flow for flow in Flow.objects.all() if any(step.get("mapping") == mapping.name for step in flow.steps)]
    with transaction.atomic():
        return [flow for flow in using if flow.version_id != publish(flow, by=by, reason=reason).pk]


def make_from_preset(
    preset: Preset,
    *,
    name: str,
    source: Connection,
    target: Connection,
    policy: dict[str, Any] | None = None,
    enabled: bool = False,
    by: AbstractBaseUser | None = None,
) -> Flow:
    """A new flow with its mappings, published. Raises FlowError."""
    with transaction.atomic():
        make_mappings(preset, by=by)
        flow = Flow.objects.create(
            name=name,
            preset=preset.name,
            source=source,
            source_resource=preset.source.resource,
            target=target,
            target_resource=preset.target.resource,
            enabled=enabled,
            policy=differing_policy(merged_policy(preset.policy, policy or {})),
            steps=[as_json(step) for step in preset.steps],
        )
        publish(flow, by=by, reason=f"From the preset {preset.name}")
    return flow


def make_mappings(preset: Preset, *, by: AbstractBaseUser | None = None) -> list[Mapping]:
    """The preset's mappings that do not exist yet; existing ones stay as they were edited. Returns the new ones."""
    existing = set(Mapping.objects.values_list("name", flat=True))
    missing = [ready for ready in preset.mappings if ready.name not in existing]
    made = [Mapping(name=ready.name, source=ready.source, target=ready.target) for ready in missing]
    for mapping, ready in zip(made, missing, strict=True):
        editing.save(mapping, ready.rules, by=by, reason=f"From the preset {preset.name}")
    return made


def merged_policy(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` wins, key by key; groups of settings such as `write_back` are merged, tables are taken whole."""
    groups = {name for name, value in Policy() if isinstance(value, BaseModel)}
    inner = {
        name: {**base[name], **value}
        for name, value in over.items()
        if name in groups and isinstance(value, dict) and isinstance(base.get(name), dict)
    }
    return {**base, **over, **inner}


def differing_policy(values: dict[str, Any]) -> dict[str, Any]:
    """As it is stored: only what differs from the defaults. Raises pydantic's ValidationError."""
    return policy_from(values).model_dump(mode="json", by_alias=True, exclude_defaults=True)


def as_json(step: Step) -> dict[str, Any]:
    """As a flow stores it: only what was said, and without rules."""
    return step.model_dump(mode="json", exclude_defaults=True)


def _whole(step: Step) -> dict[str, Any]:
    """As a version stores it: everything said, with the mapping's rules inside."""
    rules = editing.rules_of(Mapping.objects.get(name=step.mapping)) if step.mapping else []
    return step.model_copy(update={"rules": tuple(rules)}).model_dump(mode="json")
