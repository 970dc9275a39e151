"""The forms in which a person decides about a record, each asking for its own permission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from hub.admin.dress import dress
from hub.admin.words import heading
from hub.engine.fixes import FIXABLE
from hub.models import SyncRecord

FIELD = "value-"
"""Prefix of the fields that stand for a value of the source document."""


class Dressed(forms.Form):
    """Looks like the rest of the admin. `record` is what it decides about."""

    def __init__(self, record: SyncRecord, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(record)
        dress(self)

    def offer(self, record: SyncRecord) -> None:
        """Fields and first values that depend on the record."""


class RetryForm(Dressed):
    pass


class FixForm(Dressed):
    """The fields that the problem names, and one more to choose."""

    other = forms.ChoiceField(required=False, label="Another value")
    other_value = forms.CharField(required=False, label="What it should be", max_length=500)

    def offer(self, record: SyncRecord) -> None:
        wrong = str(record.problem.get("value") or "")
        for path in wanted_paths(record.problem):
            field = forms.CharField(label=heading(path), initial=record.fixes.get(path, wrong), max_length=500)
            self.fields = {FIELD + path: field, **self.fields}
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
    remote_id = forms.CharField(
        max_length=100,
        label="Id of the document in the books",
        help_text="It stands in the address of the document's page. The document becomes this record's own; nothing new is made.",
    )

    def offer(self, record: SyncRecord) -> None:
        self.fields["remote_id"].initial = existing_id(record.problem)


class NumberForm(Dressed):
    number = forms.CharField(max_length=100, label="Number to use instead")


class ReasonForm(Dressed):
    reason = forms.CharField(
        max_length=300,
        label="Why",
        help_text="Kept with the record, for whoever asks later.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True)
class Decision:
    """One button: its words, the permission it asks for, its form, and the states in which it makes sense."""

    name: str
    title: str
    explanation: str
    permission: str
    form: type[Dressed]
    states: tuple[str, ...]
    reason: str = ""
    """Makes sense only for records held for this reason."""

    def fits(self, record: SyncRecord) -> bool:
        return record.state in self.states and self.reason in ("", record.reason)


OPEN_STATES = (SyncRecord.State.FAILED, SyncRecord.State.HELD)
RETRIED = (*OPEN_STATES, SyncRecord.State.WAITING, SyncRecord.State.SKIPPED, SyncRecord.State.POSTED)
DECISIONS = (
    Decision(
        name="fix",
        title="Fix here and replay",
        explanation="Put the right value in the place of the wrong one. The store itself is not changed.",
        permission="hub.fix_syncrecord",
        form=FixForm,
        states=OPEN_STATES,
    ),
    Decision(
        name="accept",
        title="The change is booked by hand",
        explanation="From now on the order as it stands is what the posted document stands for.",
        permission="hub.fix_syncrecord",
        form=ReasonForm,
        states=OPEN_STATES,
        reason="edited_after_posting",
    ),
    Decision(
        name="retry",
        title="Try again",
        explanation="The source is read again, and everything is done anew under the current rules.",
        permission="hub.retry_syncrecord",
        form=RetryForm,
        states=RETRIED,
    ),
    Decision(
        name="link",
        title="Link to an existing document",
        explanation="When the document is in the books already.",
        permission="hub.link_syncrecord",
        form=LinkForm,
        states=OPEN_STATES,
    ),
    Decision(
        name="number",
        title="Use another number",
        explanation="When somebody else's document holds this number.",
        permission="hub.fix_syncrecord",
        form=NumberForm,
        states=OPEN_STATES,
        reason="number_taken",
    ),
    Decision(
        name="skip",
        title="Skip with a reason",
        explanation="When it must not be in the books.",
        permission="hub.skip_syncrecord",
        form=ReasonForm,
        states=(*OPEN_STATES, SyncRecord.State.WAITING, SyncRecord.State.PENDING),
    ),
)


def existing_id(problem: dict[str, Any]) -> str:
    """The document in the books that the problem is about, where it names one."""
    theirs = problem.get("theirs")
    return str(theirs.get("id", "") if isinstance(theirs, dict) else problem.get("id", ""))


def wanted_paths(problem: dict[str, Any]) -> list[str]:
    """The values of the source document that the problem is about. It may name a field of the books' document: then
    the source's field of the same name is meant."""
    named = [str(name) for name in problem.get("fields") or [problem.get("field")] if name]
    by_last_word = {path.rpartition(".")[2]: path for path in reversed(FIXABLE)}
    found = (path if path in FIXABLE else by_last_word.get(path.rpartition(".")[2], "") for path in named)
    return list(dict.fromkeys(path for path in found if path))
