"""Finds a preset for a kind of connector: the folder's own, else the common one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors import registry
from hub import plain_yaml
from hub.presets.preset import Preset, PresetError

HERE = Path(__file__).parent


def resolve(slug: str) -> Preset:
    """The preset named `<kind>-<preset>`. Raises PresetError, which says what there is."""
    for kind in sorted(registry.connectors(), key=len, reverse=True):
        if slug.startswith(f"{kind}-"):
            return for_kind(kind, slug.removeprefix(f"{kind}-"))
    raise PresetError(f"There is no preset {slug!r}. There are {_listed()}.")


def for_kind(kind: str, name: str) -> Preset:
    """Raises PresetError where the connector cannot be the source of this preset."""
    path = next((path for path in _files(kind) if path.stem == name), None)
    if path is None or not _serves(kind, preset := read(path)):
        raise PresetError(f"There is no preset {name!r} for {kind}. There are {_listed()}.")
    return preset.model_copy(update={"kind": kind})


def available() -> list[Preset]:
    """Every preset that a connector of ours can be the source of, resolved for it."""
    return [
        preset.model_copy(update={"kind": kind})
        for kind in registry.connectors()
        for preset in (read(path) for path in _files(kind))
        if _serves(kind, preset)
    ]


def read(path: Path) -> Preset:
    """A folder's own may extend a common one: then it holds only what differs."""
    content: dict[str, Any] = plain_yaml.load(path.read_text())
    base = content.pop("extends", "")
    common = plain_yaml.load((HERE / f"{base}.yaml").read_text()) if base else {}
    return Preset.model_validate({**common, **content})


def _files(kind: str) -> list[Path]:
    """The kind's own first; a common one of the same name is hidden by it."""
    own = {path.stem: path for path in (registry.folder(kind) / "presets").glob("*.yaml")}
    common = {path.stem: path for path in HERE.glob("*.yaml")}
    return [path for _, path in sorted({**common, **own}.items())]


def _serves(kind: str, preset: Preset) -> bool:
    connector = registry.connector(kind)
    return connector.role == preset.source.role and preset.source.resource in connector.resources


def _listed() -> str:
    return ", ".join(preset.slug for preset in available()) or "none: no connector can serve one"
