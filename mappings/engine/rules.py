"""A rule: one field of the target, and where its value comes from."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Rule(BaseModel):
    """`target` is a dotted path in the target document (`address.city`, or `lines.name` under `each`).

    The value comes from exactly one of `source` (a dotted path in the scope), `formula`, or `value` (a constant); it
    then passes the `transforms` in order; `default` replaces an empty result. `when` is a formula: a rule whose
    condition is false does nothing. `each` is the path of a list in the scope: the rule then applies once for each of
    its elements, which formulas and paths see as `line`, and builds one element of the target's list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str = Field(min_length=1)
    source: str = ""
    formula: str = ""
    value: Any = None
    transforms: tuple[str, ...] = ()
    """Names of `mappings.engine.transforms`, with arguments after a colon: "truncate:50", "lookup:countries"."""
    default: Any = None
    when: str = ""
    each: str = ""
    note: str = ""
    """A person's remark."""

    @model_validator(mode="after")
    def _one_origin(self) -> Rule:
        if sum((bool(self.source), bool(self.formula), self.value is not None)) > 1:
            raise ValueError(f"the rule for {self.target} names more than one of source, formula and value: keep one")
        return self
