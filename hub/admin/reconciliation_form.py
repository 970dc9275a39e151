"""Which flow is to be reconciled, and for which days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from hub.admin.dress import dress
from hub.books.agreement import money_flows
from hub.books.reconciliation import asking
from hub.models import Flow, Reconciliation


class ReconciliationForm(forms.Form):
    flow = forms.ModelChoiceField(Flow.objects.none(), label="Flow", empty_label=None)
    start = forms.DateField(label="First day", help_text="By the date of the order in its store.")
    end = forms.DateField(label="Last day", help_text="This day, too, is compared.")

    def __init__(self, *args: Any, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flows = Flow.objects.filter(pk__in=[flow.pk for flow in money_flows()])
        self.fields["flow"] = forms.ModelChoiceField(flows, label="Flow", empty_label=None, initial=chosen or None)
        self.fields["start"].initial, self.fields["end"].initial = last_month(timezone.localdate())
        dress(self)
        for name in ("start", "end"):
            self.fields[name].widget.input_type = "date"  # the browser's own calendar

    def ask(self, by: Any) -> Reconciliation | None:
        """The one that was asked for, or that is under way for these days; None, and an error beside its field, where
        that cannot be."""
        given = self.cleaned_data
        try:
            return asking.ask(given["flow"], given["start"], given["end"], by=by)[0]
        except asking.ReconciliationError as error:
            self.add_error(error.field if error.field in self.fields else None, f"{error}. {error.remedy}")
            return None


def last_month(today: dt.date) -> tuple[dt.date, dt.date]:
    end = today.replace(day=1) - dt.timedelta(days=1)
    return end.replace(day=1), end
