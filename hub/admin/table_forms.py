"""The forms by which what a record is held for goes into the tax table or the rate table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from hub.admin.decision_forms import Dressed
from hub.admin.words import day, percent
from hub.models import Rate, SyncRecord, TaxRow

SCOPES = (
    ("", "everywhere, at any rate"),
    ("rate", "at this rate only"),
    ("country", "in this country only"),
    ("rate country", "at this rate, in this country"),
)


class TaxForm(Dressed):
    """A name in the books for each tax that is missing."""

    where = forms.ChoiceField(choices=SCOPES, required=False, label="It is called that")

    def offer(self, record: SyncRecord) -> None:
        self.missing: list[Mapping[str, Any]] = record.problem.get("tax", {}).get("missing", [])
        where = self.fields.pop("where")
        for place, tax in enumerate(self.missing):
            self.fields[f"to-{place}"] = forms.CharField(
                label=f"In the books, {_called(tax)} is", initial=tax["name"], max_length=100
            )
            self.fields[f"percent-{place}"] = forms.DecimalField(
                label="Percent",
                required=False,
                min_value=0,
                max_digits=6,
                decimal_places=3,
                help_text="Empty: as charged. The amount stays the store's either way.",
            )
        self.fields["where"] = where

    def rows(self) -> Iterator[TaxRow]:
        scope = self.cleaned_data["where"].split()
        for place, tax in enumerate(self.missing):
            rate = tax.get("rate") if "rate" in scope else None
            yield TaxRow(
                name=tax["name"],
                rate=None if rate is None else Decimal(rate),
                country=tax.get("country", "") if "country" in scope else "",
                to=self.cleaned_data[f"to-{place}"],
                percent=self.cleaned_data[f"percent-{place}"],
            )


class RateForm(Dressed):
    """For the day of the order, or for a day before it that is near enough."""

    value = forms.DecimalField(min_value=Decimal("0.000000000001"), max_digits=24, decimal_places=12)
    date = forms.DateField(label="Of the day")
    source = forms.CharField(max_length=100, label="Who says so", help_text="Printed on the document with the rate.")

    def offer(self, record: SyncRecord) -> None:
        asked = record.problem.get("rate", {})
        self.base, self.currency = str(asked.get("from", "")), str(asked.get("to", ""))
        self.last = dt.date.fromisoformat(asked["date"]) if asked.get("date") else record.date
        self.first = self.last - dt.timedelta(days=int(asked.get("days", 0)))
        self.fields["value"].label = f"One {self.base} in {self.currency}"
        self.fields["date"].initial = self.last

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        if not self.first <= date <= self.last:
            raise forms.ValidationError(
                f"The order can be converted by a rate of {day(self.first)} to {day(self.last)} only."
            )
        return date

    def rate(self) -> Rate:
        given = self.cleaned_data
        return Rate(
            date=given["date"], base=self.base, currency=self.currency, rate=given["value"], source=given["source"]
        )


def _called(tax: Mapping[str, Any]) -> str:
    where = f" in {tax['country']}" if tax.get("country") else ""
    return f"“{tax['name']}”{percent(tax.get('rate'))}{where}"
