"""What a preset says."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hub.engine.steps import Step
from mappings.engine.rules import Rule


class PresetError(LookupError):
    """There is no such preset, or its connector cannot serve it."""


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class End(_Closed):
    """One end of a flow, named by role and resource and never by vendor."""

    role: Literal["store", "crm", "books"]
    resource: str


class PresetMapping(_Closed):
    """`source` and `target` name documents, such as Order and Invoice."""

    name: str
    source: str
    target: str
    rules: tuple[Rule, ...]


class Preset(_Closed):
    """`kind` is the source connector's, once the preset was resolved for one."""

    kind: str = ""
    name: str
    label: str
    description: str = ""
    source: End
    target: End
    policy: dict[str, Any] = Field(default_factory=dict)
    steps: tuple[Step, ...]
    mappings: tuple[PresetMapping, ...] = ()

    @property
    def slug(self) -> str:
        """As a file names it: `<kind>-<preset>`."""
        return f"{self.kind}-{self.name}"

    @model_validator(mode="after")
    def _steps_have_mappings(self) -> Preset:
        known = {mapping.name for mapping in self.mappings}
        missing = {step.mapping for step in self.steps if step.mapping} - known
        if missing:
            raise ValueError(f"preset {self.name} uses mappings that it does not hold: {', '.join(sorted(missing))}")
        return self
