"""The forms in which a person decides about a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from hub.admin.decision_fit import existing_id, wanted_paths
from hub.admin.dress import dress
from hub.admin.sheet_facts import full_name, said_value
from hub.admin.words import heading
from hub.engine.fixes import FIXABLE
from hub.models import SyncRecord

FIELD = "value-"
"""Prefix of the fields that stand for a value of the source document."""
ELSE = "else"
UNSAID = frozenset({"id", "first_name", "last_name", "language", "currency"})
"""Of a candidate: said in another way, or of no help in choosing."""


class Dressed(forms.Form):
    """Looks like the rest of the admin. `record` is what it decides about."""

    def __init__(self, record: SyncRecord, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(record)
        dress(self)

    def offer(self, record: SyncRecord) -> None:
        """Fields and first values that depend on the record."""


class PlainForm(Dressed):
    """Nothing to fill in: the button alone."""


class FixForm(Dressed):
    """The values that the problem names; where it names none, one to choose."""

    other = forms.ChoiceField(required=False, label="Another value")
    other_value = forms.CharField(required=False, label="What it should be", max_length=500)

    def offer(self, record: SyncRecord) -> None:
        wrong, paths = str(record.problem.get("value") or ""), wanted_paths(record.problem)
        if paths:
            self.fields = {FIELD + path: _text_field(path, record.fixes.get(path, wrong)) for path in paths}
            return
        choices = [("", "Choose a value to change"), *((path, heading(path)) for path in FIXABLE)]
        self.fields["other"] = forms.ChoiceField(required=False, label="Another value", choices=choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.values():
            self.add_error("other_value", "Say what to change, and what it should be.")
        return cleaned

    def values(self) -> dict[str, str]:
        """Dotted path in the source document → the value to use in its place."""
        found = {name.removeprefix(FIELD): value for name, value in self.cleaned_data.items() if name.startswith(FIELD)}
        if self.cleaned_data.get("other") and self.cleaned_data.get("other_value"):
            found[self.cleaned_data["other"]] = self.cleaned_data["other_value"]
        return found


class LinkForm(Dressed):
    """The candidates to choose from, where the problem names them; else the id alone."""

    candidate = forms.ChoiceField(required=False, label="Which one is it?", widget=forms.RadioSelect)
    remote_id = forms.CharField(
        max_length=100,
        label="Its id in the books",
        help_text="The last number in the address of its page there.",
    )

    def offer(self, record: SyncRecord) -> None:
        self.fields["remote_id"].initial = existing_id(record.problem)
        if record.flow.target.role != "books":
            self.fields["remote_id"].label = f"Its id in {record.flow.target}"
        candidates = [(str(one.get("id")), _introduced(one)) for one in record.problem.get("candidates") or ()]
        if not candidates:
            del self.fields["candidate"]
            return
        self.fields["candidate"] = forms.ChoiceField(
            required=False,
            label="Which one is it?",
            choices=[*candidates, (ELSE, "Another one, with the id below")],
            widget=forms.RadioSelect,
        )
        self.fields["remote_id"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("candidate")
        if chosen and chosen != ELSE:
            cleaned["remote_id"] = chosen
        elif "candidate" in self.fields and not cleaned.get("remote_id"):
            self.add_error("candidate", "Choose one of them, or type in an id.")
        return cleaned


class EditForm(Dressed):
    """The button alone; it is about the very edit that the page shows."""

    digest = forms.CharField(widget=forms.HiddenInput)

    def offer(self, record: SyncRecord) -> None:
        self.fields["digest"].initial = record.problem.get("digest", "")


class NumberForm(Dressed):
    number = forms.CharField(max_length=100, label="Number to use instead")


class ReasonForm(Dressed):
    reason = forms.CharField(
        max_length=300,
        label="Why",
        help_text="Kept with the record, for whoever asks later.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _text_field(path: str, value: str) -> forms.CharField:
    return forms.CharField(label=heading(path), initial=value, max_length=500)


def _introduced(candidate: Mapping[str, Any]) -> str:
    """Whatever was told of it that tells it from others: the name first, the id last."""
    currency = str(candidate.get("currency", ""))
    told = (said_value(key, value, currency) for key, value in candidate.items() if key not in UNSAID)
    facts = [fact for fact in (full_name(candidate), *told) if fact and fact != "None"]
    return " · ".join([*facts, f"id {candidate.get('id')}"])
