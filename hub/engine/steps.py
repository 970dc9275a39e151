"""A step of a flow: one action on one resource, as it is written in presets, files and versions."""

from __future__ import annotations

from collections.abc import Set
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hub.errors import Held, Skipped
from mappings.engine.rules import Rule

GUARDS = ("hold", "skip")
WAYS = "A rule of this flow holds it for a person: book it; or skip it with a reason."


class Step(BaseModel):
    """`ensure` makes what is not there, `upsert` also changes what is, `update` only changes; `hold` and `skip` end
    the run. `when` is a formula; an empty one always holds. `rules` are the mapping's, embedded in a flow's version.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=60)
    do: Literal["ensure", "upsert", "update", "hold", "skip"]
    resource: str = ""
    on: Literal["target", "source"] = "target"
    each: Literal["", "payments", "refunds", "items", "applications"] = ""
    mapping: str = ""
    rules: tuple[Rule, ...] = ()
    when: str = ""
    on_failure: Literal["fail", "continue"] = "fail"
    reason: str = Field("", max_length=60, description="Of a guard: the slug under which its records are listed")
    message: str = Field("", description="Of a guard: the same in a sentence for a bookkeeper")

    @model_validator(mode="after")
    def _complete(self) -> Step:
        if self.do in GUARDS and not self.reason:
            raise ValueError(f"the step {self.name} needs a reason")
        if self.do not in GUARDS and not (self.resource and self.mapping):
            raise ValueError(f"the step {self.name} needs a resource and a mapping")
        return self


def require_passed(step: Step, decided: Set[str]) -> None:
    """Raises Held or Skipped where the step is a guard: its condition holds, so the run ends here, unless a person let
    the record pass it."""
    if step.do == "skip":
        raise Skipped(step.reason, step.message or step.name)
    asked = f"step/{step.name}"
    if step.do == "hold" and asked not in decided:
        raise Held(step.reason, step.message or step.name, ask=asked, remedy=WAYS)
