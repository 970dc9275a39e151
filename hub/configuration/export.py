"""The hub's configuration as a file that `apply` takes back. Secrets are named, never written."""

from __future__ import annotations

from typing import Any

from connectors.models import Connection
from hub import plain_yaml
from hub.accounting.policy import policy_from
from hub.configuration.connections import EXPIRY, secret_names
from hub.configuration.reading import escaped
from hub.configuration.taxes import export_taxes
from hub.flows import as_json
from hub.models import Flow
from hub.presets import Preset, PresetError, resolve
from mappings.models import Lookup, Mapping


def export() -> str:
    sections = {
        "connections": [_connection(one) for one in Connection.objects.all()],
        "lookups": [_lookup(one) for one in Lookup.objects.prefetch_related("rows")],
        "mappings": [_mapping(one) for one in Mapping.objects.all()],
        "flows": [_flow(one) for one in Flow.objects.select_related("source", "target")],
        "taxes": export_taxes(),
    }
    return plain_yaml.dump({"version": 1, **{name: entries for name, entries in sections.items() if entries}})


def variable(connection: Connection, setting: str) -> str:
    """The environment variable that an exported secret is read from."""
    return f"{connection.name}_{setting}".upper().replace("-", "_")


def _connection(connection: Connection) -> dict[str, Any]:
    secret = secret_names(connection.connector_class)
    settings = {name: _escaped(value) for name, value in connection.settings.items() if value not in (None, "", [], {})}
    named = [name for name in sorted(secret - {EXPIRY}) if connection.secrets.get(name)]
    dates = {"poll_from": connection.poll_from, "lock_date": connection.lock_date}
    return {
        "name": connection.name,
        "kind": connection.kind,
        "settings": settings | {name: f"${{{variable(connection, name)}}}" for name in named},
        **{name: value.isoformat() for name, value in dates.items() if value},
    }


def _flow(flow: Flow) -> dict[str, Any]:
    preset = _preset(flow)
    resources = {"source_resource": flow.source_resource, "target_resource": flow.target_resource}
    policy = _differing(flow.policy, preset.policy if preset else {})
    steps = [] if preset and flow.steps == [as_json(step) for step in preset.steps] else flow.steps
    return {
        "name": flow.name,
        **({"preset": preset.slug} if preset else resources),
        "source": flow.source.name,
        "target": flow.target.name,
        "enabled": flow.enabled,
        **({"policy": _escaped(policy)} if policy else {}),
        **({"steps": _escaped(steps)} if steps else {}),
    }


def _preset(flow: Flow) -> Preset | None:
    try:
        return resolve(f"{flow.source.kind}-{flow.preset}") if flow.preset else None
    except PresetError:
        return None  # its folder has gone; the flow itself stays whole


def _differing(values: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """Settings by which the flow differs from its preset, a default that the preset had changed among them."""
    mine, theirs = (policy_from(one).model_dump(mode="json", by_alias=True) for one in (values, base))
    return {name: value for name, value in mine.items() if value != theirs[name]}


def _mapping(mapping: Mapping) -> dict[str, Any]:
    return {
        "name": mapping.name,
        "source": mapping.source,
        "target": mapping.target,
        "rules": _escaped(mapping.rules),
    }


def _lookup(lookup: Lookup) -> dict[str, Any]:
    return {
        "name": lookup.name,
        **({"description": _escaped(lookup.description)} if lookup.description else {}),
        "rows": {row.key: _escaped(row.value) for row in lookup.rows.all()},
    }


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_escaped(inner) for inner in value]
    return escaped(value) if isinstance(value, str) else value
