"""The rules of a mapping as an editable table: one form for each rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from pydantic import BaseModel

from hub.admin.dress import dress
from mappings.engine import schema
from mappings.engine.errors import MappingError
from mappings.engine.rules import Rule
from mappings.models import Mapping

ORIGINS = {"source": "field", "formula": "formula", "value": "text"}
PIPE = " | "
DEPTH = 3
"""How deep the offered paths go; deeper ones can still be typed."""


class RuleForm(forms.Form):
    """One row of the table. `rule()` gives it back as the engine takes it."""

    target = forms.ChoiceField(label="Field to fill")
    origin = forms.ChoiceField(label="Takes", choices=list(ORIGINS.items()))
    what = forms.CharField(label="From", required=False, strip=False)
    transforms = forms.CharField(label="Then", required=False)
    default = forms.CharField(label="If empty", required=False, strip=False)
    when = forms.CharField(label="Only when", required=False)
    each = forms.CharField(label="Once for each", required=False)
    note = forms.CharField(label="Remark", required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    """The rule as it was, so that fixed values that are not text stay what they are."""

    def __init__(self, *args: Any, targets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.initial.get("target") or (self.data.get(self.add_prefix("target")) if self.is_bound else "")
        offered = targets if not now or now in targets else [*targets, now]
        self.fields["target"].choices = [("", "Choose a field"), *((path, path) for path in offered)]  # type: ignore[attr-defined]
        for name, suggestions in (("what", "paths"), ("each", "lists"), ("transforms", "transforms")):
            self.fields[name].widget.attrs["list"] = suggestions
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label or "")
        dress(self)

    def cells(self) -> list[forms.BoundField]:
        return [self[name] for name in ("what", "transforms", "default", "when", "each")]

    def rule(self) -> dict[str, Any]:
        told = self.cleaned_data
        kept = json.loads(told["kept"] or "{}")
        rule: dict[str, Any] = {"target": told["target"], "transforms": _parts(told["transforms"])}
        if told["what"]:
            rule[told["origin"]] = (
                _again(told["what"], kept.get("value")) if told["origin"] == "value" else told["what"]
            )
        if told["default"]:
            rule["default"] = _again(told["default"], kept.get("default"))
        rule |= {name: told[name] for name in ("when", "each", "note") if told[name]}
        return rule


if TYPE_CHECKING:
    Rows = forms.BaseFormSet[RuleForm]
else:
    Rows = forms.BaseFormSet


class RuleTable(Rows):
    """All rows, and the way back of the engine's complaints to the row and cell they are about."""

    def rows(self) -> list[RuleForm]:
        """Those that were filled in and not dropped, in their order."""
        return [form for form in self.forms if form.cleaned_data.get("target") and not form.cleaned_data.get("DELETE")]

    def rules(self) -> list[dict[str, Any]]:
        return [form.rule() for form in self.rows()]

    def complain(self, error: MappingError) -> list[str]:
        """Each problem beside its rule; what is about no rule is given back."""
        left = []
        rows = self.rows()
        for problem in error.problems:
            _, _, way = problem.field.partition("rules.")
            place, _, key = way.partition(".")
            if place.isdecimal() and int(place) < len(rows):
                cell = "what" if key in ORIGINS else key
                rows[int(place)].add_error(
                    cell if cell in rows[int(place)].fields else None, f"{problem.message} {problem.remedy}".strip()
                )
            else:
                left.append(str(problem))
        return left


def table_for(mapping: Mapping, data: Any = None) -> RuleTable:
    made: Any = forms.formset_factory(RuleForm, formset=RuleTable, extra=0, can_delete=True)
    targets = list(paths(schema.document_classes()[mapping.target]))
    rows = [_initial(Rule.model_validate(rule)) for rule in mapping.rules]
    table: RuleTable = made(data, initial=rows, prefix="rule", form_kwargs={"targets": targets})
    return table


def paths(document: type[BaseModel], before: str = "", depth: int = DEPTH) -> Iterator[str]:
    """Every field that a rule can fill or read, as dotted paths; a list's fields follow its name."""
    for name, field in document.model_fields.items():
        inner = schema.model_in(field.annotation)
        if inner is None:
            yield before + name
        elif depth > 1:
            yield from paths(inner, f"{before}{name}.", depth - 1)


def lists(document: type[BaseModel]) -> list[str]:
    return [name for name, field in document.model_fields.items() if schema.is_list(field.annotation)]


def _initial(rule: Rule) -> dict[str, Any]:
    origin = next((name for name in ORIGINS if getattr(rule, name) not in ("", None)), "source")
    return {
        "target": rule.target,
        "origin": origin,
        "what": _shown(getattr(rule, origin)),
        "transforms": PIPE.join(rule.transforms),
        "default": _shown(rule.default),
        "when": rule.when,
        "each": rule.each,
        "note": rule.note,
        "kept": json.dumps({"value": rule.value, "default": rule.default}),
    }


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _again(text: str, before: Any) -> Any:
    """A value that was not text, and was not touched, is given back as it was."""
    return before if before is not None and text == _shown(before) else text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
