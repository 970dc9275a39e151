"""What a report is asked about, as forms: the days, the books, the flow; and the month of a pack."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from hub.admin.dress import dress
from hub.admin.months import Month, month_of
from hub.books.agreement import money_flows
from hub.books.reports import asking
from hub.books.reports.scope import Scope


class ScopeForm(forms.Form):
    """Of any report. Books and flow are asked for where there are several."""

    start = forms.DateField(label="First day")
    end = forms.DateField(label="Last day", help_text="This day, too, is in the report.")
    books = forms.ChoiceField(required=False)
    flow = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "books", [one.name for one in asking.all_books()], every="All books")
        _offer(self, "flow", [one.name for one in money_flows()], every="All flows")
        dress(self)
        for name in ("start", "end"):
            self.fields[name].widget.input_type = "date"  # the browser's own calendar

    def scope(self) -> Scope | None:
        """None, and an error beside its field, where nothing can be reported."""
        if not self.is_valid():
            return None
        try:
            return asking.scope(**self.cleaned_data)
        except asking.AskingError as error:
            self.add_error(error.field, f"{error}. {error.remedy}")
            return None


class PackForm(forms.Form):
    """Of a month-end pack, which is about one books connection."""

    month = forms.DateField(input_formats=["%Y-%m"])
    books = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [one.name for one in asking.all_books()]
        _offer(self, "books", names)
        self.fields["month"].error_messages["invalid"] = "This is no month. Write it as 2026-03."
        dress(self)
        self.fields["month"].widget.input_type = "month"
        self.fields["month"].widget.format = "%Y-%m"

    def scope(self) -> Scope | None:
        return asking.month(self.cleaned_data["books"], self.cleaned_data["month"]) if self.is_valid() else None


def this_month() -> Month:
    return month_of("", timezone.localdate())


def last_month() -> Month:
    return month_of(this_month().previous, timezone.localdate())


def dates(month: Month) -> dict[str, dt.date]:
    return {"start": month.first, "end": month.last}


def _offer(form: forms.Form, name: str, values: list[str], every: str = "") -> None:
    """A choice; where there is but one, it is made already."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [*([("", every)] if every else []), *((value, value) for value in values)]
    if len(values) == 1:
        field.widget = forms.HiddenInput()
        field.initial = "" if every else values[0]
