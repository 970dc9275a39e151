"""The days of a backfill, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from hub.admin.dress import dress
from hub.admin.words import day
from hub.engine.terms import policy_of
from hub.intake.backfill import asking
from hub.models import Backfill, Flow


class BackfillForm(forms.Form):
    start = forms.DateField(label="First day")
    end = forms.DateField(label="Last day", help_text="This day, too, is brought in.")
    reason = forms.CharField(label="Why", required=False, max_length=300, help_text="Kept with the backfill.")

    def __init__(self, flow: Flow, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flow = flow
        cut_over = policy_of(flow).cut_over
        self.fields["start"].initial = cut_over
        self.fields["end"].initial = timezone.localdate()
        self.fields["start"].help_text = _of_the_cut_over(cut_over)
        dress(self)
        for name in ("start", "end"):
            self.fields[name].widget.input_type = "date"  # the browser's own calendar

    def ask(self, by: Any) -> Backfill | None:
        """The preview that was asked for; None, and an error beside its field, where that cannot be."""
        given = self.cleaned_data
        try:
            return asking.ask(self.flow, given["start"], given["end"], by=by, reason=given["reason"], look_first=True)
        except asking.BackfillError as error:
            self.add_error(error.field if error.field in self.fields else None, f"{error}. {error.remedy}")
            return None


def _of_the_cut_over(cut_over: Any) -> str:
    """What lies before it would only be skipped."""
    if not cut_over:
        return "By the date of the order in its store."
    return f"This flow skips what is dated before {day(cut_over)} (“Skip orders before” in its choices)."
