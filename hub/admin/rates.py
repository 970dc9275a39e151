"""The rate table, as a page and as a file, and where its rates come from every day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import DecimalWidget

from connectors.addresses import refuse_unless_https
from connectors.errors import Rejected
from hub.admin.dress import dress
from hub.admin.filters import RangeDateFilter
from hub.admin.tables import TableAdmin
from hub.admin.unfolded import ModelAdmin, display
from hub.admin.words import day, moment, unbroken
from hub.models import Rate, RateSource
from hub.rates.asking import ask

if TYPE_CHECKING:
    SourceForm = forms.ModelForm[RateSource]
else:
    SourceForm = forms.ModelForm


class RateResource(ModelResource):  # type: ignore[misc]
    """A file with the columns date, from, to, rate, source. A rate of the same day and pair is changed."""

    base = Field("base", "from")
    currency = Field("currency", "to")
    rate = Field("rate", "rate", DecimalWidget(coerce_to_string=True))

    class Meta:
        model = Rate
        fields = ("date", "base", "currency", "rate", "source")
        import_id_fields = ("date", "base", "currency")
        import_order = export_order = fields
        skip_unchanged = True
        clean_model_instances = True

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row["source"] = row.get("source") or "imported by hand"


@admin.register(Rate)
class RateAdmin(ModelAdmin, TableAdmin):
    resource_classes = (RateResource,)
    list_display = ("on", "base", "currency", "as_rate", "source")
    list_display_links = ("on",)
    list_filter = (("date", RangeDateFilter), "base", "currency", "source")
    list_filter_submit = True
    list_per_page = 50
    fields = ("date", "base", "currency", "rate", "source")

    @display(description="date", ordering="date")
    def on(self, rate: Rate) -> Any:
        return unbroken(day(rate.date))

    @display(description="rate", ordering="rate")
    def as_rate(self, rate: Rate) -> str:
        return f"{rate.rate.normalize():f}"


class RateSourceForm(SourceForm):
    url = forms.URLField(
        label="Address", max_length=500, assume_scheme="https", help_text=RateSource._meta.get_field("url").help_text
    )

    class Meta:
        model = RateSource
        fields = ("name", "url", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)  # type: ignore[arg-type]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            refuse_unless_https(url)
        except Rejected as error:
            raise ValidationError(str(error)) from None
        return url


@admin.register(RateSource)
class RateSourceAdmin(ModelAdmin):
    form = RateSourceForm
    list_display = ("name", "health", "newest", "told")
    list_display_links = ("name",)
    fields = ("name", "url", "enabled", "newest", "told", "why")
    readonly_fields = ("newest", "told", "why")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it told is said once it was asked."""
        return self.fields if obj else ("name", "url", "enabled")

    actions = ("ask_selected",)

    @display(description="state", label={"told": "success", "silent": "danger", "new": "info", "off": ""})
    def health(self, source: RateSource) -> tuple[str, str]:
        if not source.enabled:
            return "off", "switched off"
        if source.problem:
            return "silent", "told nothing"
        return ("told", "told") if source.last_ok_at else ("new", "not asked yet")

    @display(description="newest rates of")
    def newest(self, source: RateSource) -> str:
        return day(source.last_day)

    @display(description="last told")
    def told(self, source: RateSource) -> str:
        return moment(source.last_ok_at)

    @display(description="what went wrong")
    def why(self, source: RateSource) -> str:
        return source.problem or "–"

    @admin.action(description="Ask the selected sources now", permissions=["change"])
    def ask_selected(self, request: HttpRequest, queryset: QuerySet[RateSource]) -> None:
        for source in queryset:
            _say(request, source)

    def save_model(self, request: HttpRequest, obj: RateSource, form: Any, change: bool) -> None:
        """No call is made while the page saves."""
        super().save_model(request, obj, form, change)
        if obj.enabled and form.changed_data:
            RateSource.objects.filter(pk=obj.pk).update(next_at=None)
            messages.info(request, "It is asked within the hour. To ask it now, select it in the list.")


def _say(request: HttpRequest, source: RateSource) -> None:
    if ask(source):
        source.refresh_from_db()
        messages.success(request, f"{source} has told its rates; the newest are of {day(source.last_day)}.")
    else:
        source.refresh_from_db()
        messages.error(request, f"{source} told no rates: {source.problem}.")
